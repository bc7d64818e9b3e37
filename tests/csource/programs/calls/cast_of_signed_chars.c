/*
 * A cast to signed char keeps eight bits, with their sign.
 * otherwise: (s8)type => (u8)type
 */
u64 cast_of_signed_chars(u32 type)
{
	return (s8)type + 1000;
}
