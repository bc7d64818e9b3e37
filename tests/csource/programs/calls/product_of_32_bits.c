/*
 * A product with a constant has the width of its factors.
 * otherwise: type * 4096 => (u64)type * 4096
 */
u64 product_of_32_bits(u32 type)
{
	return type * 4096;
}
