/*
 * A sum binds closer than a shift.
 * otherwise: n << 2 + 1 => (n << 2) + 1
 */
u64 shift_and_sum(u64 pages)
{
	u64 n = pages;

	return n << 2 + 1;
}
