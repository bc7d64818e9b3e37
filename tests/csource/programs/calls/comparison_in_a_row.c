/*
 * A comparison is 0 or 1, which the next one looks at.
 * otherwise: low < pages < 2 => low < pages && pages < 2
 */
u64 comparison_in_a_row(u64 pages, u32 type)
{
	u64 low = type;

	return low < pages < 2;
}
