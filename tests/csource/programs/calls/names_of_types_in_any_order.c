/*
 * The words of a type stand in any order.
 * otherwise: long unsigned int => unsigned int
 */
typedef long unsigned int word_t;

u64 names_of_types_in_any_order(u64 address)
{
	word_t n = address;
	short unsigned s = address;

	return (n >> 4) + s;
}
