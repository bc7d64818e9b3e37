/*
 * A cursor that goes down by sizes and is cut to large pages.
 * otherwise: ~(LARGE - 1) => ~(u32)(LARGE - 1)
 */
#define LARGE (1UL << 21)

static u64 cursor = -(4UL << 30);

void __init downwards(void)
{
	efi_memory_desc_t *md;

	for_each_efi_memory_desc(md) {
		u64 size = md->num_pages << PAGE_SHIFT;
		u64 into = md->phys_addr & (LARGE - 1);

		cursor -= size;
		if (!into) {
			cursor &= ~(LARGE - 1);
		} else {
			u64 lower = cursor;

			cursor &= ~(LARGE - 1);
			cursor += into;
			if (cursor > lower)
				cursor -= LARGE;
		}
		if (cursor < -(68UL << 30))
			continue;
		md->virt_addr = cursor;
	}
}
