/*
 * A mask of several bits is true if one of them is set.
 * otherwise: if (type & 12) => if ((type & 12) == 12)
 */
u64 bit_test_with_several_bits(u32 type)
{
	if (type & 12)
		return 1;
	return 2;
}
