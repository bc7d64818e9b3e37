/*
 * The denial of a signed comparison is the other one, for all numbers.
 * otherwise: !(n < -3) => (n > -3)
 */
u64 not_of_a_comparison(u32 type)
{
	int n = type;

	return !(n < -3) + 2 * !(n >= 100);
}
