/*
 * A comment to the end of the line goes on where that ends in a backslash.
 * otherwise: goes on \ => goes on
 */
u64 comment_that_goes_on(u64 pages)
{
	u64 n = pages;

	n += 2; // goes on \
	n += 5;
	return n;
}
