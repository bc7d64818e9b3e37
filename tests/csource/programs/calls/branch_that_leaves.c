/*
 * After an `else` that returns, the other way goes on.
 * otherwise: return 5; => n = 5;
 */
static u64 chosen(u64 n)
{
	if (n & 1) {
		n += 10;
	} else if (n & 2) {
		return 5;
	} else {
		n += 20;
	}
	return n * 2;
}

u64 branch_that_leaves(u64 pages)
{
	return chosen(pages);
}
