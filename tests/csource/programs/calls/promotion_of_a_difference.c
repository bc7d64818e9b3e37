/*
 * The difference of two small unsigned numbers can be below 0.
 * otherwise: (a - b < 0) => ((u16)(a - b) < 0)
 */
u64 promotion_of_a_difference(u64 pages, u32 type)
{
	u16 a = type;
	u16 b = pages;

	if (a - b < 0)
		return a - b;
	return 0;
}
