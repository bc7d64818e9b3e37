/*
 * The argument of a macro is put in as its text, and its operators bind as they stand.
 * otherwise: x * 2 => (x) * 2
 */
#define DOUBLE(x) x * 2

u64 macro_parameter_is_text(u64 pages)
{
	return DOUBLE(pages + 1);
}
