/*
 * A conditional of constants is compared with its sign.
 * otherwise: (type & 1 ? -2 : 2) < 1 => (type & 1 ? -2 : 2) < 1U
 */
u64 ternary_of_constants_compared(u32 type)
{
	return (type & 1 ? -2 : 2) < 1;
}
