/*
 * The branch of an int is widened with its sign beside one of 64 bits.
 * otherwise: (int)type => type
 */
u64 ternary_of_int_and_u64(u64 address, u64 pages, u32 type)
{
	return (pages & 1) ? (int)type : address;
}
