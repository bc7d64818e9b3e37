/*
 * A condition holds if any of the number's bits is set.
 * otherwise: if (pages) => if ((u32)pages)
 */
u64 truth_of_a_number(u64 pages)
{
	if (pages)
		return 1;
	return 2;
}
