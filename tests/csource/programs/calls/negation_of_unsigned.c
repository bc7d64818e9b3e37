/*
 * The negative of an unsigned int is unsigned, and is widened with zeros.
 * otherwise: -n => -(u64)n
 */
u64 negation_of_unsigned(u32 type)
{
	u32 n = type;

	return -n;
}
