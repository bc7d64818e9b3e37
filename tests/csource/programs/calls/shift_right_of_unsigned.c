/*
 * An unsigned number is shifted to the right with zeros, whatever its top bit.
 * otherwise: n >> 4 => (int)n >> 4
 */
u64 shift_right_of_unsigned(u32 type)
{
	u32 n = type;

	return n >> 4;
}
