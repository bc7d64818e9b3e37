/*
 * An int that meets 64 unsigned bits is widened with its sign first.
 * otherwise: (a > pages) => ((u32)a > pages)
 */
u64 comparison_of_int_and_u64(u64 pages, u32 type)
{
	int a = type;

	return (a > pages);
}
