/*
 * round_down goes to the multiple below.
 * otherwise: round_down => round_up
 */
u64 rounding_down(u64 address)
{
	return round_down(address, 0x10000);
}
