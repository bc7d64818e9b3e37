/*
 * Addresses are unsigned: those of the upper half are the larger ones.
 * otherwise: (address > limit) => ((s64)address > (s64)limit)
 */
static u64 limit = 0x8000000000000000ULL;

u64 comparison_of_addresses(u64 address)
{
	return (address > limit);
}
