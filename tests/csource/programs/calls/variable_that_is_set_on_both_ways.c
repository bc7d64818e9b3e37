/*
 * A variable that is set in each branch has the value of the one that was taken.
 * otherwise: n = 1; => n = 3;
 */
u64 variable_that_is_set_on_both_ways(u32 type)
{
	u32 n;

	if (type & 1)
		n = 1;
	else
		n = 2;
	return n;
}
