/*
 * max_t in a long takes the upper half for negative.
 * otherwise: max_t(long, => max_t(unsigned long,
 */
u64 maximum_in_a_long(u64 address)
{
	return max_t(long, address, 0x4000);
}
