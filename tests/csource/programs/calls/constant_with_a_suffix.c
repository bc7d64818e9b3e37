/*
 * A suffix makes a constant unsigned, and with it what it meets.
 * otherwise: (n < 0U) => (n < 0)
 */
u64 constant_with_a_suffix(u32 type)
{
	int n = type;

	return (n < 0U) + 1;
}
