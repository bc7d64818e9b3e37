/*
 * The sign of a difference of 32 bits tells which counter is ahead, over the wrap.
 * otherwise: (s32)(a - b) < 0 => a < b
 */
u64 comparison_by_difference(u64 pages, u32 type)
{
	u32 a = type;
	u32 b = pages;

	return (s32)(a - b) < 0;
}
