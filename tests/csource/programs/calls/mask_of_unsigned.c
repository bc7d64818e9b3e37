/*
 * The complement of an unsigned int has no upper half: a mask of it cuts the address.
 * otherwise: ~0xfffU => ~0xfff
 */
u64 mask_of_unsigned(u64 address)
{
	return address & ~0xfffU;
}
