/*
 * The remainder of a negative number is negative.
 * otherwise: n % 8 => n & 7
 */
u64 remainder_of_signed(u32 type)
{
	int n = type;

	return n % 8;
}
