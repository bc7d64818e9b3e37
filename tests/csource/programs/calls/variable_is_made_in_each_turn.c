/*
 * A variable of the loop's body begins anew for each region.
 * otherwise: u32 inside = 3; => static u32 inside = 3;
 */
u64 variable_is_made_in_each_turn(u32 type)
{
	u32 inside = 3;

	inside += type;
	return inside;
}
