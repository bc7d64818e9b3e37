/*
 * Two ints are compared with their signs.
 * otherwise: (int)type < n => type < (u32)n
 */
u64 comparison_of_ints(u64 pages, u32 type)
{
	int n = pages;

	return (int)type < n;
}
