/*
 * The negative of a condition has all bits set where it holds.
 * otherwise: -(type == 7) => -(u8)(type == 7) & 0xff
 */
u64 truth_negated(u32 type)
{
	return -(type == 7);
}
