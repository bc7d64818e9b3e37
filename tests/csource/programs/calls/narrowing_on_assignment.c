/*
 * A variable keeps as many bits of what is assigned as it has.
 * otherwise: u32 n => u64 n
 */
u64 narrowing_on_assignment(u64 pages)
{
	u32 n = pages;

	return n;
}
