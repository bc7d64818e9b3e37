/*
 * Exclusive or of 32 and 64 bits leaves the upper half alone.
 * otherwise: address ^ type => (u32)(address ^ type)
 */
u64 exclusive_or(u64 address, u32 type)
{
	return address ^ type;
}
