/*
 * A mask of the upper bits of 32 keeps none above them.
 * otherwise: 0xffe00000 => -0x200000L
 */
u64 mask_of_upper_bits_of_32(u64 address)
{
	return address & 0xffe00000;
}
