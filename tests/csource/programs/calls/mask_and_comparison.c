/*
 * A comparison binds closer than a bitwise and.
 * otherwise: type & 6 == 6 => (type & 6) == 6
 */
u64 mask_and_comparison(u32 type)
{
	return type & 6 == 6;
}
