/*
 * A product of ints wraps at 32 bits and can become negative.
 * otherwise: (int)type * 3 => (long)(int)type * 3
 */
u64 product_that_becomes_negative(u32 type)
{
	return (int)type * 3;
}
