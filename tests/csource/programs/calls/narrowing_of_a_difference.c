/*
 * A difference of 64 bits that is kept in 32 loses its upper half.
 * otherwise: unsigned int gap => unsigned long gap
 */
static u64 last;

u64 narrowing_of_a_difference(u64 address)
{
	unsigned int gap = address - last;

	last = address;
	return gap;
}
