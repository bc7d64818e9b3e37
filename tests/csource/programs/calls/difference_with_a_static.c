/*
 * A static that is compared with by difference wraps at its own width.
 * otherwise: static u16 last => static u32 last
 */
static u16 last;

u64 difference_with_a_static(u64 pages)
{
	u16 gap = pages - last;

	last += 0x1111;
	return gap + last;
}
