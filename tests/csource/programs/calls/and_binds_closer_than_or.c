/*
 * && binds closer than ||.
 * otherwise: a || b && c => (a || b) && c
 */
u64 and_binds_closer_than_or(u32 type)
{
	bool a = type & 1;
	bool b = type & 2;
	bool c = type & 4;

	return a || b && c;
}
