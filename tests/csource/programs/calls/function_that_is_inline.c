/*
 * An inline function is called as any other.
 * otherwise: n ^ 1 => n ^ 3
 */
static inline u32 toggled(u32 n)
{
	return n ^ 1;
}

u64 function_that_is_inline(u64 pages)
{
	return toggled(pages);
}
