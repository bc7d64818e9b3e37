/*
 * A compound division of a signed number is rounded towards 0.
 * otherwise: n /= 16 => n >>= 4
 */
u64 compound_division(u64 address)
{
	long n = address;

	n /= 16;
	return n;
}
