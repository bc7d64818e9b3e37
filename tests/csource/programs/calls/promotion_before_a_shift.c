/*
 * A small number is an int when it is shifted: its top bit can become the sign.
 * otherwise: (a << 16) => ((unsigned int)a << 16)
 */
u64 promotion_before_a_shift(u32 type)
{
	u16 a = type;

	return (a << 16);
}
