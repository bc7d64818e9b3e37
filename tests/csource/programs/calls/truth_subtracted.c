/*
 * A condition less another one can be below 0.
 * otherwise: (type == 7) - (pages > 4) => (u8)((type == 7) - (pages > 4))
 */
u64 truth_subtracted(u64 pages, u32 type)
{
	return (type == 7) - (pages > 4);
}
