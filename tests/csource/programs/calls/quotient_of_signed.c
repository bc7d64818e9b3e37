/*
 * A signed quotient is rounded towards 0.
 * otherwise: n / 4 => n >> 2
 */
u64 quotient_of_signed(u32 type)
{
	int n = type;

	return n / 4;
}
