/*
 * x++ gives the old value.
 * otherwise: cursor++ => ++cursor
 */
static u32 cursor = 0xfffffffe;

u64 increment_after(u32 type)
{
	return cursor++;
}
