/*
 * A decimal constant that needs 32 bits is a long.
 * otherwise: type + 4294967295 => type + 0xffffffff
 */
u64 constant_in_decimal(u32 type)
{
	return type + 4294967295;
}
