/*
 * A compound shift of a small number goes through an int.
 * otherwise: n >>= 1 => n = (u8)(n << 1) >> 1
 */
u64 compound_shift(u32 type)
{
	u8 n = type;

	n <<= 1;
	n >>= 1;
	return n;
}
