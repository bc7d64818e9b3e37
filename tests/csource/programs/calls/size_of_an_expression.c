/*
 * sizeof an expression is the size of its type, and does not evaluate it.
 * otherwise: sizeof(count++) => (count++, 4UL)
 */
static u32 count;

u64 size_of_an_expression(u32 type)
{
	return sizeof(count++) + count;
}
