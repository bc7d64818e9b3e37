/*
 * A small unsigned number becomes an int beside one, and is above -1.
 * otherwise: (small > -1) => ((u32)small > -1)
 */
u64 comparison_of_small_with_negative(u64 pages, u32 type)
{
	u8 small = type;

	return (small > -1) + pages;
}
