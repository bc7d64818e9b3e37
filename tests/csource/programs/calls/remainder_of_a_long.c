/*
 * The remainder of a long by a size is negative where the long is.
 * otherwise: (s64)address % 4096 => (s64)(address % 4096)
 */
u64 remainder_of_a_long(u64 address)
{
	return (s64)address % 4096;
}
