/*
 * Eight bits are kept, and are widened with zeros.
 * otherwise: unsigned char n => unsigned short n
 */
u64 narrowing_to_8_bits(u64 pages)
{
	unsigned char n = pages;

	return n;
}
