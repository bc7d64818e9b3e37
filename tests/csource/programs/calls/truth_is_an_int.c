/*
 * A condition is the int 1 or 0.
 * otherwise: (type && pages) << 3 => (type & pages) << 3
 */
u64 truth_is_an_int(u64 pages, u32 type)
{
	return (type && pages) << 3;
}
