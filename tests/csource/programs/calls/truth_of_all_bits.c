/*
 * A bool is 1 if any bit is set, also one that an int would lose.
 * otherwise: bool high => int high
 */
u64 truth_of_all_bits(u64 flags)
{
	bool high = flags & 0x8000000000000000ULL;

	return high;
}
