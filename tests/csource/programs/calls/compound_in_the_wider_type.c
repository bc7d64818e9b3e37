/*
 * A compound assignment computes in the common type before it cuts.
 * otherwise: n -= pages => n -= (u32)(pages & 1)
 */
u64 compound_in_the_wider_type(u64 pages, u32 type)
{
	int n = type;

	n -= pages;
	return n;
}
