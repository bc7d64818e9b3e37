/*
 * A line that ends in a backslash goes on in the next one.
 * otherwise: + \ => - \
 */
u64 line_that_goes_on(u64 pages)
{
	u64 result = 0;

	result = pages + \
		3;
	return result;
}
