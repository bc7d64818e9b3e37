/*
 * A function in a condition is called once for each time that the condition is looked at.
 * otherwise: next_call() > 3 => (next_call(), next_call()) > 3
 */
static u32 calls;

static u32 next_call(void)
{
	return ++calls;
}

u64 call_in_a_condition(u32 type)
{
	if (next_call() > 3)
		return calls;
	return 100 + calls;
}
