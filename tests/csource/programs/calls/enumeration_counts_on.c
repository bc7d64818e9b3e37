/*
 * A member without a value is one more than the one before it.
 * otherwise: LATER, => LATER = 0,
 */
enum stage { EARLY, MIDDLE = 5, LATER, LAST = LATER + 10 };

u64 enumeration_counts_on(u32 type)
{
	if (type == LATER)
		return LAST;
	return EARLY;
}
