/*
 * A conditional of constants is an int, and what it is added to wraps with it.
 * otherwise: (type & 1 ? 0x7fffffff : 1) + 1 => (type & 1 ? 0x7fffffffL : 1) + 1
 */
u64 ternary_of_constants_in_a_sum(u32 type)
{
	return (type & 1 ? 0x7fffffff : 1) + 1;
}
