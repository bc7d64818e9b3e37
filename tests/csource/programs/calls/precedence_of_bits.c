/*
 * And binds closer than exclusive or, and that closer than or.
 * otherwise: a | b ^ c & 12 => (a | b ^ c) & 12
 */
u64 precedence_of_bits(u64 address, u64 pages, u32 type)
{
	u32 a = type;
	u32 b = pages;
	u32 c = address;

	return a | b ^ c & 12;
}
