/*
 * A short that is added to wraps, with its sign.
 * otherwise: short n => int n
 */
u64 sum_in_a_short(u32 type)
{
	short n = type;

	n += 0x7000;
	return n;
}
