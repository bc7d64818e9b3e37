/*
 * A counter of 8 bits wraps there, from one region to the next.
 * otherwise: static u8 => static u16
 */
static u8 counter = 254;

u64 wrap_at_8_bits(u32 type)
{
	counter++;
	return counter;
}
