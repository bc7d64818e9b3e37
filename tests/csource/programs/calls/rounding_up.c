/*
 * round_up goes to the next multiple, and wraps at the top.
 * otherwise: round_up => round_down
 */
u64 rounding_up(u64 address)
{
	return round_up(address, 0x10000);
}
