/*
 * A negative number is shifted to the right with its sign.
 * otherwise: (s32)type => type
 */
u64 shift_right_of_signed(u32 type)
{
	s32 n = (s32)type >> 4;

	return n;
}
