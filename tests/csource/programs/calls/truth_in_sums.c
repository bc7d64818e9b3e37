/*
 * Two bools are added as ints.
 * otherwise: odd + odd => (bool)(odd + odd)
 */
u64 truth_in_sums(u32 type)
{
	bool odd = type & 1;

	return odd + odd;
}
