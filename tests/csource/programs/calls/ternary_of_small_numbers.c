/*
 * The branches of a conditional are promoted.
 * otherwise: (type & 1 ? a : b) - 300 => (u8)((type & 1 ? a : b) - 300)
 */
u64 ternary_of_small_numbers(u64 pages, u32 type)
{
	u8 a = type;
	u8 b = pages;

	return (type & 1 ? a : b) - 300;
}
