/*
 * A function that returns bool returns 0 or 1, whatever the bits.
 * otherwise: static bool => static int
 */
static bool is_high(u64 address)
{
	return address & 0xffffffff00000000ULL;
}

u64 call_that_tells_a_truth(u64 address)
{
	return is_high(address);
}
