/*
 * The innermost call is made first.
 * otherwise: twice(plus_one(pages)) => plus_one(twice(pages))
 */
static u64 plus_one(u64 n)
{
	return n + 1;
}

static u64 twice(u64 n)
{
	return n * 2;
}

u64 call_of_calls(u64 pages)
{
	return twice(plus_one(pages));
}
