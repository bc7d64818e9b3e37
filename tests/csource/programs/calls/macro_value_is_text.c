/*
 * The text of a macro with an argument is bound by what stands around it.
 * otherwise: ((x) + 1) => (x) + 1
 */
#define NEXT(x) ((x) + 1)

u64 macro_value_is_text(u64 pages)
{
	return NEXT(pages) * 2;
}
