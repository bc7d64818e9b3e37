/*
 * The type of a shift is that of its left operand alone.
 * otherwise: n << 12UL => (0UL + n) << 12UL
 */
u64 shift_takes_its_left_type(u64 pages)
{
	u32 n = pages;

	return n << 12UL;
}
