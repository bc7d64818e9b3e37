/*
 * A comma gives what stands behind it, after what stands before.
 * otherwise: (a += 2, a * 3) => (a * 3)
 */
u64 comma(u32 type)
{
	u32 a = type;

	return (a += 2, a * 3);
}
