/*
 * A small unsigned number is never negative when it is shifted.
 * otherwise: u16 n => s16 n
 */
u64 shift_right_of_promoted(u64 address)
{
	u16 n = address;

	return n >> 3;
}
