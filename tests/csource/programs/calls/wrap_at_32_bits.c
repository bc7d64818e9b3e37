/*
 * A sum of unsigned ints wraps at 32 bits.
 * otherwise: a + b => (u64)a + b
 */
u64 wrap_at_32_bits(u64 pages, u32 type)
{
	u32 a = type;
	u32 b = pages;

	return a + b;
}
