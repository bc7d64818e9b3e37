/*
 * Statics of one name in two functions are two.
 * otherwise: static u32 calls; => static u32 calls = 9;
 */
static u32 calls_of_one(void)
{
	static u32 calls;

	return ++calls;
}

static u32 calls_of_two(void)
{
	static u32 calls = 50;

	return calls += 2;
}

u64 state_in_two_functions(u32 type)
{
	u64 one = calls_of_one();

	return one * 1000 + calls_of_two();
}
