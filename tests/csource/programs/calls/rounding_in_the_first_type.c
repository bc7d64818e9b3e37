/*
 * round_up rounds in the type of its first argument.
 * otherwise: round_up(n, 0x1000UL) => round_up((u64)n, 0x1000UL)
 */
u64 rounding_in_the_first_type(u64 address)
{
	u32 n = address;

	return round_up(n, 0x1000UL);
}
