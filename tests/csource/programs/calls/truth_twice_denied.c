/*
 * !! makes 1 of all but 0.
 * otherwise: !!pages => pages
 */
u64 truth_twice_denied(u64 pages)
{
	return !!pages;
}
