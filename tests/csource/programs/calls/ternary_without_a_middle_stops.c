/*
 * What stands behind `?:` is done only where the value before it is 0.
 * otherwise: (a & 1) ?: b++ => ((a & 1) ?: b) + 0 * b++
 */
u64 ternary_without_a_middle_stops(u64 a, u64 b)
{
	u64 found = (a & 1) ?: b++;

	return found * 3 + b;
}
