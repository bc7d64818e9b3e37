/*
 * A cast belongs to what follows at once, not to the whole product.
 * otherwise: (u8)type * 4 => (u8)(type * 4)
 */
u64 cast_binds_closer(u32 type)
{
	return (u8)type * 4;
}
