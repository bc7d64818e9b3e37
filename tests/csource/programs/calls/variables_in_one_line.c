/*
 * Each declarator of a line is computed from those before it.
 * otherwise: b = a + 1 => b = 1
 */
u64 variables_in_one_line(u32 type)
{
	u32 a = type, b = a + 1, c = b * 2;

	return c;
}
