/*
 * A negative int that is ored into 64 bits sets the upper half.
 * otherwise: -4096 => 0xfffff000
 */
u64 or_with_a_negative(u64 address)
{
	return address | -4096;
}
