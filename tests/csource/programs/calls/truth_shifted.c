/*
 * A condition is an int: what is shifted out of it is lost, and its top bit is the sign.
 * otherwise: (type == 7) << 31 => (u64)(type == 7) << 31
 */
u64 truth_shifted(u32 type)
{
	return (type == 7) << 31;
}
