/*
 * A macro without parentheses is put in as its text.
 * otherwise: 1 + 1 => (1 + 1)
 */
#define TWO 1 + 1

u64 macro_is_text(u64 pages)
{
	return pages + TWO * 3;
}
