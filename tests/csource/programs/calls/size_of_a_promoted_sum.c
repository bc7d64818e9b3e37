/*
 * The sum of two small numbers has the size of an int.
 * otherwise: sizeof(small + small) => sizeof(small)
 */
u64 size_of_a_promoted_sum(u32 type)
{
	u8 small = type;

	return sizeof(small + small) + small;
}
