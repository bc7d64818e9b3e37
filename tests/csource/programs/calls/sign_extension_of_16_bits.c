/*
 * A short is widened with its sign.
 * otherwise: short n => unsigned short n
 */
u64 sign_extension_of_16_bits(u64 pages)
{
	short n = pages;

	return n;
}
