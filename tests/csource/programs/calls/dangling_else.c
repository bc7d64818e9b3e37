/*
 * `else` belongs to the nearest `if`.
 * otherwise: else => if (!(type & 1))
 */
u64 dangling_else(u64 pages, u32 type)
{
	u64 result = 0;

	if (type & 1)
		if (pages > 4)
			result = 1;
		else
			result = 2;
	return result;
}
