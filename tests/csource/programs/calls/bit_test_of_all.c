/*
 * A mask that is compared with itself asks for all of its bits.
 * otherwise: (type & 12) == 12 => (type & 12) != 0
 */
u64 bit_test_of_all(u32 type)
{
	if ((type & 12) == 12)
		return 1;
	return 2;
}
