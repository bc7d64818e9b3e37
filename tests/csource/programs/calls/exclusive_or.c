/*
 * Exclusive or with 32 unsigned bits leaves the upper half alone.
 * otherwise: 0xffffffffU => -1
 */
u64 exclusive_or(u64 address)
{
	return address ^ 0xffffffffU;
}
