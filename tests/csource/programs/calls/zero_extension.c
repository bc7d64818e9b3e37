/*
 * An unsigned number is widened with zeros, even into a signed one.
 * otherwise: unsigned int n => int n
 */
u64 zero_extension(u32 type)
{
	unsigned int n = type;
	long wide = n;

	return wide;
}
