/*
 * A hexadecimal constant of 32 bits added to 32 bits wraps there.
 * otherwise: type + 0xffffffff => type + 0xffffffffUL
 */
u64 constant_of_32_bits(u32 type)
{
	return type + 0xffffffff;
}
