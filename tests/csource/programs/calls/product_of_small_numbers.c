/*
 * The product of a small number with a constant is an int.
 * otherwise: small * 200 => (u8)(small * 200)
 */
u64 product_of_small_numbers(u32 type)
{
	u8 small = type;

	return small * 200;
}
