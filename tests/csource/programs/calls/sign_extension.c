/*
 * A signed number is widened with its sign.
 * otherwise: int n => unsigned int n
 */
u64 sign_extension(u32 type)
{
	int n = type;

	return n;
}
