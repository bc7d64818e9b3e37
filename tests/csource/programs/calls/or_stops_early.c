/*
 * The right side of || is evaluated only if the left side does not hold.
 * otherwise: type == 7 || ++count > 2 => (++count > 2) | (type == 7)
 */
static u32 count;

u64 or_stops_early(u32 type)
{
	if (type == 7 || ++count > 2)
		return count;
	return 100;
}
