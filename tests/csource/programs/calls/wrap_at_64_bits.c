/*
 * A difference of 64 unsigned bits wraps.
 * otherwise: (a - b > a) => (a < b && 0)
 */
u64 wrap_at_64_bits(u64 address, u64 pages)
{
	u64 a = address;
	u64 b = pages;

	return (a - b > a) ? a - b : 5;
}
