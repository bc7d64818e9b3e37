/*
 * An assignment in a condition is tested by its value, after it is cut.
 * otherwise: (n = pages) != 0 => (n = pages, pages) != 0
 */
u64 assignment_in_a_condition(u64 pages)
{
	u16 n;

	if ((n = pages) != 0)
		return n;
	return 0x10000;
}
