/*
 * A compound shift of a negative number keeps its sign.
 * otherwise: s64 n => u64 n
 */
u64 compound_shift_of_signed(u64 address)
{
	s64 n = address;

	n >>= 21;
	return n;
}
