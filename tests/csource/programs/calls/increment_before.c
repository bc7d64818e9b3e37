/*
 * ++x gives the new value.
 * otherwise: ++cursor => cursor++
 */
static u32 cursor = 0xfffffffe;

u64 increment_before(u32 type)
{
	return ++cursor;
}
