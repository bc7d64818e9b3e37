/*
 * A negative int that is ored into 64 bits sets the upper half.
 * otherwise: (int)type => type
 */
u64 or_with_a_negative(u64 address, u32 type)
{
	return address | (int)type;
}
