/*
 * A static without a value begins at 0.
 * otherwise: static u64 count; => static u64 count = 1;
 */
static u64 count;

u64 state_begins_at_zero(u32 type)
{
	if (type == 5)
		count++;
	return count;
}
