/*
 * An int that is divided by an unsigned constant is taken for unsigned.
 * otherwise: n / 4U => n / 4
 */
u64 quotient_of_unsigned(u32 type)
{
	int n = type;

	return n / 4U;
}
