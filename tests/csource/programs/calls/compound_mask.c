/*
 * A compound and with a mask of 32 unsigned bits clears the upper half.
 * otherwise: 0xfffff000U => 0xfffffffffffff000UL
 */
u64 compound_mask(u64 address)
{
	u64 n = address;

	n &= 0xfffff000U;
	return n;
}
