/*
 * Sixteen bits are kept, and are widened with zeros.
 * otherwise: u16 n => u32 n
 */
u64 narrowing_to_16_bits(u64 pages)
{
	u16 n = pages;

	return n;
}
