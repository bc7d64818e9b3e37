/*
 * A condition within a condition is looked at where the outer one holds.
 * otherwise: } else { => } if (!(pages & 2)) {
 */
u64 nested_conditions(u64 pages, u32 type)
{
	u64 result = 0;

	if (type & 1) {
		if (pages & 1)
			result = 1;
		if (pages & 2)
			result += 2;
	} else {
		result = 8;
	}
	return result;
}
