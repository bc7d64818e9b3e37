/*
 * A comparison in a macro is bound by what stands around it.
 * otherwise: a < b => (a < b)
 */
#define BELOW(a, b) a < b

u64 macro_that_compares(u64 pages, u32 type)
{
	return !BELOW(type, pages);
}
