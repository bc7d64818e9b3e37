/*
 * Signed by sizeof is unsigned.
 * otherwise: n / sizeof(u64) => n / (int)sizeof(u64)
 */
u64 quotient_by_a_size(u32 type)
{
	int n = type;

	return n / sizeof(u64);
}
