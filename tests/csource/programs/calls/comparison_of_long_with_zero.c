/*
 * A long can be below 0.
 * otherwise: long n => unsigned long n
 */
u64 comparison_of_long_with_zero(u64 address)
{
	long n = address;

	if (n < 0)
		return 1;
	return 2;
}
