/*
 * The first value of a static is cut to its width.
 * otherwise: static u32 top = -4096L; => static u64 top = -4096L;
 */
static u32 top = -4096L;

u64 state_of_its_own_width(u32 type)
{
	u64 result = top;

	top -= 1;
	return result;
}
