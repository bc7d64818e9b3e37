/*
 * A parameter is a copy.
 * otherwise: u64 n) => u64 n_)
 */
static u64 n;

static u64 halved(u64 n)
{
	n >>= 1;
	return n;
}

u64 call_by_value(u64 pages)
{
	n = pages;
	return halved(n) + n;
}
