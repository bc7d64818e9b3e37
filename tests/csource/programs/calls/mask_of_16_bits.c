/*
 * A mask that is kept in 16 bits has no bits above them.
 * otherwise: u16 mask => int mask
 */
u64 mask_of_16_bits(u64 address)
{
	u16 mask = ~0xff;

	return address & mask;
}
