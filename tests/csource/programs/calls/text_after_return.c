/*
 * What stands behind a return is not done.
 * otherwise: (type == 7) { => (type == 7) { found = 3; if (0)
 */
static u32 kind(u32 type)
{
	u32 found = 1;

	if (type == 7) {
		found = 2;
		return found;
		found = 3;
	}
	return found;
}

u64 text_after_return(u32 type)
{
	return kind(type);
}
