/*
 * A static of a function is made once.
 * otherwise: static u32 calls => u32 calls
 */
static u32 next_call(void)
{
	static u32 calls = 7;

	calls += 3;
	return calls;
}

u64 state_of_a_function(u32 type)
{
	return next_call();
}
