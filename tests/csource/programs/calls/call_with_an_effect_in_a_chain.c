/*
 * A function on the right of && is called where it is come to.
 * otherwise: type == 7 && next_call() < 3 => (next_call() < 3) & (type == 7)
 */
static u32 calls;

static u32 next_call(void)
{
	calls += 1;
	return calls;
}

u64 call_with_an_effect_in_a_chain(u32 type)
{
	bool low = type == 7 && next_call() < 3;

	return calls * 2 + low;
}
