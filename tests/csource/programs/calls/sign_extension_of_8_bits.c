/*
 * A signed char is widened with its sign.
 * otherwise: signed char n => unsigned char n
 */
u64 sign_extension_of_8_bits(u32 type)
{
	signed char n = type;

	return n;
}
