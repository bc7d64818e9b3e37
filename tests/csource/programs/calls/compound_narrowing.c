/*
 * A compound assignment cuts its result to the variable.
 * otherwise: u8 n => u32 n
 */
u64 compound_narrowing(u32 type)
{
	u8 n = type;

	n += 100;
	return n;
}
