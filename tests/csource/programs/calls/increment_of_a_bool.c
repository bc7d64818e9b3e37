/*
 * A bool that is incremented is 1, however often.
 * otherwise: bool some => u8 some
 */
static bool some;

u64 increment_of_a_bool(u32 type)
{
	some++;
	return some;
}
