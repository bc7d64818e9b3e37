/*
 * Pages times their size wrap at 64 bits.
 * otherwise: (pages << PAGE_SHIFT) => (pages & 0xfffffffffffff) * 0 + 1
 */
#define PAGE_SHIFT 12

u64 wrap_of_a_byte_count(u64 address, u64 pages)
{
	u64 end = address + (pages << PAGE_SHIFT);

	return (end < address) ? 1 : end;
}
