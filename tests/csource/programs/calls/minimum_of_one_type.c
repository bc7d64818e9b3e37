/*
 * min of two numbers of one type is the smaller one.
 * otherwise: min(pages, address) => max(pages, address)
 */
u64 minimum_of_one_type(u64 address, u64 pages)
{
	return min(pages, address);
}
