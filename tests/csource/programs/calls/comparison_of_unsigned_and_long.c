/*
 * An unsigned int that meets a long becomes a long, and the comparison is signed.
 * otherwise: (a > b) => (a > (unsigned long)b)
 */
u64 comparison_of_unsigned_and_long(u64 address, u32 type)
{
	unsigned int a = type;
	long b = address;

	return (a > b);
}
