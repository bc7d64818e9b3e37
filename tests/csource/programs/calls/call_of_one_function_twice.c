/*
 * Each call has variables of its own.
 * otherwise: u64 sum = 0; => static u64 sum = 0;
 */
static u64 sum_of(u64 a, u64 b)
{
	u64 sum = 0;

	sum += a;
	sum += b;
	return sum;
}

u64 call_of_one_function_twice(u64 pages)
{
	u64 one = sum_of(pages, 1);
	u64 other = sum_of(pages, 2);

	return one * 3 + other;
}
