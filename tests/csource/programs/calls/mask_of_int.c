/*
 * The complement of an int is negative: a mask of it keeps the upper half.
 * otherwise: ~0xfff => ~0xfffU
 */
u64 mask_of_int(u64 address)
{
	return address & ~0xfff;
}
