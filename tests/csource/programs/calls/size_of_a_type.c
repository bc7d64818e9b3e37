/*
 * sizeof is an unsigned long: an int beside it is taken for one.
 * otherwise: n < sizeof(u32) => n < (int)sizeof(u32)
 */
u64 size_of_a_type(u32 type)
{
	int n = type;

	return n < sizeof(u32);
}
