/*
 * A product with one factor of 64 bits has 64.
 * otherwise: type * 4096UL => type * 4096
 */
u64 product_of_64_bits(u32 type)
{
	return type * 4096UL;
}
