/*
 * ALIGN goes to the next multiple in the type of the address, and IS_ALIGNED looks for one.
 * otherwise: IS_ALIGNED(address, 0x1000) => !(address & 0xff)
 */
u64 alignment(u64 address)
{
	if (IS_ALIGNED(address, 0x1000))
		return address + 1;
	return ALIGN(address, 0x1000);
}
