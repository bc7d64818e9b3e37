/*
 * A mask of a negative constant has all its upper bits set.
 * otherwise: -0x200000L => 0xffe00000
 */
u64 mask_with_a_negative(u64 address)
{
	return address & -0x200000L;
}
