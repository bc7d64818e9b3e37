/*
 * Names are free that have a meaning in other languages.
 * otherwise: place + let => place - let
 */
u64 names_that_mean_something_elsewhere(u64 address, u64 pages)
{
	u64 place = address;
	u64 let = pages;
	u64 in = place + let;
	u64 visited = in + 1;

	return visited;
}
