/*
 * A negative constant of 64 bits is an address near the top.
 * otherwise: -(68L << 30) => -(68L << 30) & 0xffffffff
 */
#define LOWEST (-(68L << 30))

u64 constant_below_zero(u64 address)
{
	if (address >= LOWEST)
		return address - LOWEST;
	return LOWEST;
}
