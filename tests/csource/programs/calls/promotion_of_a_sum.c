/*
 * The sum of two small numbers is an int, and does not wrap.
 * otherwise: a + b => (u8)(a + b)
 */
u64 promotion_of_a_sum(u64 pages, u32 type)
{
	u8 a = type;
	u8 b = pages;

	return a + b;
}
