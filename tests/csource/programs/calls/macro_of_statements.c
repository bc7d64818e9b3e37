/*
 * A macro of several statements in do and while (0) is one statement.
 * otherwise: #define RAISE(x, by) do { x += by; x += 1; } while (0) => #define RAISE(x, by) x += by; x += 1;
 */
#define RAISE(x, by) do { x += by; x += 1; } while (0)

u64 macro_of_statements(u64 pages, u32 type)
{
	u64 n = pages;

	RAISE(n, 4);
	if (type & 1)
		RAISE(n, 1000);
	return n;
}
