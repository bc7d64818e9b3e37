/*
 * A signed counter goes below 0.
 * otherwise: static int left => static unsigned int left
 */
static int left = 1;

u64 decrement_of_signed(u32 type)
{
	return --left;
}
