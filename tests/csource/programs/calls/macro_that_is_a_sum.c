/*
 * What stands before a macro binds its first part.
 * otherwise: 10 - 4 => (10 - 4)
 */
#define LESS 10 - 4

u64 macro_that_is_a_sum(u64 pages)
{
	return pages - LESS;
}
