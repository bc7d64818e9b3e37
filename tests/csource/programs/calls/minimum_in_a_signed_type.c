/*
 * min_t in a signed type takes a negative number for the smaller one.
 * otherwise: min_t(int, => min_t(unsigned int,
 */
u64 minimum_in_a_signed_type(u32 type)
{
	return min_t(int, type, 16);
}
