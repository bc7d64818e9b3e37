/*
 * A conditional in the last branch of another needs no parentheses.
 * otherwise: type & 1 ? 1 : type & 2 ? 2 : 3 => (type & 1 ? 1 : type & 2) ? 2 : 3
 */
u64 ternary_in_ternary(u32 type)
{
	return type & 1 ? 1 : type & 2 ? 2 : 3;
}
