/*
 * ! makes 1 of 0, and 0 of all else.
 * otherwise: !pages => ~pages
 */
u64 truth_of_a_complement(u64 pages)
{
	return !pages;
}
