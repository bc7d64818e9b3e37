/*
 * What is returned becomes what the function returns, sign and all.
 * otherwise: static int low_part => static long low_part
 */
static int low_part(long value)
{
	return value;
}

u64 narrowing_on_return(u64 pages)
{
	return low_part(pages);
}
