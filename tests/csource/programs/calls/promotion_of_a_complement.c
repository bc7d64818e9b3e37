/*
 * A small number becomes an int before its bits are turned over.
 * otherwise: ~small => (u8)~small
 */
u64 promotion_of_a_complement(u32 type)
{
	u8 small = type;

	return ~small;
}
