/*
 * A bool to which a number is added is 1 unless the sum is 0.
 * otherwise: bool some => u8 some
 */
u64 compound_sum_with_a_bool(u32 type)
{
	bool some = type & 1;

	some += 255;
	return some;
}
