/*
 * A compound assignment divides in the common type, not in that of its left side.
 * otherwise: n /= 4U => n /= 4
 */
u64 compound_division_by_unsigned(u32 type)
{
	int n = type;

	n /= 4U;
	return n;
}
