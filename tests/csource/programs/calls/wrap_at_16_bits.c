/*
 * A counter of 16 bits wraps there.
 * otherwise: static u16 => static u32
 */
static u16 counter = 0xfff0;

u64 wrap_at_16_bits(u32 type)
{
	counter += type;
	return counter;
}
