/*
 * The right side of && is evaluated only if the left side holds.
 * otherwise: type == 7 && count++ < 2 => (count++ < 2) & (type == 7)
 */
static u32 count;

u64 and_stops_early(u32 type)
{
	if (type == 7 && count++ < 2)
		return 1;
	return count + 10;
}
