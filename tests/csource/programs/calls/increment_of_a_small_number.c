/*
 * x++ of a small number wraps at its width.
 * otherwise: u8 n => u16 n
 */
u64 increment_of_a_small_number(u32 type)
{
	u8 n = type;

	n++;
	return n;
}
