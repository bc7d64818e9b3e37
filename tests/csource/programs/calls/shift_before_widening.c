/*
 * A shift of 32 bits loses what leaves them, whatever the result is kept in.
 * otherwise: n << PAGE_SHIFT => (u64)n << PAGE_SHIFT
 */
#define PAGE_SHIFT 12

u64 shift_before_widening(u64 pages)
{
	u32 n = pages;

	return n << PAGE_SHIFT;
}
