/*
 * A small number becomes an int before its sign is changed.
 * otherwise: -small => (u8)-small
 */
u64 promotion_of_a_negation(u32 type)
{
	u8 small = type;

	return -small;
}
