/*
 * What stands before `?:` is the value if it is not 0, and is done once.
 * otherwise: a++ ?: b => ++a ?: b
 */
u64 ternary_without_a_middle(u64 a, u64 b)
{
	u64 found = a++ ?: b;

	return found * 3 + a;
}
