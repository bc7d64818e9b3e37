/*
 * An int is widened with its sign before it is added to a long.
 * otherwise: a + (long)pages => (unsigned int)a + (long)pages
 */
u64 sum_of_int_and_long(u64 pages, u32 type)
{
	int a = type;

	return a + (long)pages;
}
