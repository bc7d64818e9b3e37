/*
 * The value before `?:` takes the common type of both, as an int with its sign.
 * otherwise: (int)a ?: b => (u32)a ?: b
 */
u64 ternary_without_a_middle_is_widened(u64 a, u64 b)
{
	return (int)a ?: b;
}
