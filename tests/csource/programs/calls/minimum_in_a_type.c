/*
 * min_t compares in the type that it is given.
 * otherwise: min_t(unsigned int, => min_t(unsigned long,
 */
u64 minimum_in_a_type(u64 pages)
{
	return min_t(unsigned int, pages, 0x1000);
}
