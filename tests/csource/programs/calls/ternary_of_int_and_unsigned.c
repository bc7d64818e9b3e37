/*
 * The two branches have one type: -1 beside an unsigned int is 0xffffffff.
 * otherwise: 1U => 1
 */
u64 ternary_of_int_and_unsigned(u32 type)
{
	return (type & 1) ? -1 : 1U;
}
