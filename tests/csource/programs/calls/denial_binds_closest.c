/*
 * ! belongs to what follows at once.
 * otherwise: !type & 1 => !(type & 1)
 */
u64 denial_binds_closest(u32 type)
{
	return !type & 1;
}
