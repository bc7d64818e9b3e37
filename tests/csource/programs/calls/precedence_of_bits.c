/*
 * And binds closer than exclusive or, and that closer than or.
 * otherwise: 1 | 6 ^ type & 12 => (1 | 6 ^ type) & 12
 */
u64 precedence_of_bits(u32 type)
{
	return 1 | 6 ^ type & 12;
}
