/*
 * A hexadecimal constant that needs 32 bits is unsigned.
 * otherwise: 0x80000000 > -1 => 0x80000000L > -1
 */
u64 constant_in_hexadecimal(u32 type)
{
	if (0x80000000 > -1)
		return 1;
	return type | 2;
}
