/*
 * A cast of a sum in parentheses comes after the sum.
 * otherwise: (u16)(type + pages) => (u16)type + (u16)pages
 */
u64 cast_of_a_sum(u64 pages, u32 type)
{
	return (u16)(type + pages);
}
