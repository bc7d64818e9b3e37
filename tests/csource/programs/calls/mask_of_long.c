/*
 * The complement of a long keeps the upper half.
 * otherwise: ~(LARGE - 1) => ~(u32)(LARGE - 1)
 */
#define LARGE (1UL << 21)

u64 mask_of_long(u64 address)
{
	return address & ~(LARGE - 1);
}
