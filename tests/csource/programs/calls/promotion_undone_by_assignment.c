/*
 * What is kept of a promoted sum are the bits of the variable.
 * otherwise: u8 sum => int sum
 */
u64 promotion_undone_by_assignment(u32 type)
{
	u8 a = type;
	u8 sum = a + 200;

	return sum;
}
