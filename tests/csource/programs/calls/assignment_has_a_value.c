/*
 * The value of an assignment is what the variable has now.
 * otherwise: wide = small = pages => small = pages, wide = pages
 */
u64 assignment_has_a_value(u64 pages)
{
	u64 wide;
	u8 small;

	wide = small = pages;
	return wide + small;
}
