/*
 * A number that is widened first keeps its bits.
 * otherwise: (u64)n << PAGE_SHIFT => n << PAGE_SHIFT
 */
#define PAGE_SHIFT 12

u64 shift_after_widening(u64 pages)
{
	u32 n = pages;

	return (u64)n << PAGE_SHIFT;
}
