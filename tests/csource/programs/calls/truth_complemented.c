/*
 * The complement of a condition is -1 or -2.
 * otherwise: ~(type == 7) => !(type == 7)
 */
u64 truth_complemented(u32 type)
{
	return ~(type == 7);
}
