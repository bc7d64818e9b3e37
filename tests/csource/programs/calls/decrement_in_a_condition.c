/*
 * x-- in a condition is compared as it was, and goes on below 0.
 * otherwise: left-- > 0 => --left > 0
 */
static u32 left = 2;

u64 decrement_in_a_condition(u32 type)
{
	if (left-- > 0)
		return left;
	return 100;
}
