/*
 * The right side of a compound assignment is evaluated as a whole.
 * otherwise: n -= a + 1 => n = n - a + 1
 */
u64 compound_with_a_whole_right_side(u64 address, u32 type)
{
	u64 n = address;
	u64 a = type;

	n -= a + 1;
	return n;
}
