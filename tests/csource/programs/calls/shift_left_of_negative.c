/*
 * The bits of a negative number move to the left, and the sign stays.
 * otherwise: int n => unsigned int n
 */
u64 shift_left_of_negative(u32 type)
{
	int n = -(int)(type & 0xff);

	return n << 8;
}
