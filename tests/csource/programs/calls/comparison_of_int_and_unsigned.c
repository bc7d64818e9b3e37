/*
 * An int that meets an unsigned int is taken for one.
 * otherwise: (a < b) => (a < (long)b)
 */
u64 comparison_of_int_and_unsigned(u64 pages, u32 type)
{
	int a = pages;
	unsigned int b = type;

	return (a < b);
}
