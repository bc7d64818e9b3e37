/*
 * A macro is expanded where it is used, with what its parts mean there.
 * otherwise: #define UNIT 16 => #define UNIT 8
 */
#define UNIT 8
#define BLOCK(n) ((n) * UNIT)
#undef UNIT
#define UNIT 16

u64 macro_of_macros(u64 pages)
{
	return BLOCK(pages);
}
