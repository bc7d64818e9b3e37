/*
 * The letters of a suffix stand in any order.
 * otherwise: ~0LLU => ~0U
 */
u64 suffix_of_both(u64 pages)
{
	return pages & ~0LLU;
}
