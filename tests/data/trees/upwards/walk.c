/* An allocator of our own: upwards from 1 MiB, region by region, as long as there is room. */
#define FIRST 0x100000UL
#define PAGE 12
#define KEPT ((u64)0x8000000000000000ULL)

static u64 next_free = FIRST;
static int many;

static bool wanted(const efi_memory_desc_t *md)
{
	if (!md->num_pages)
		return false;
	if (md->attribute & KEPT)
		return true;
	return md->type == 3 || md->type == 4;
}

static void __init put(efi_memory_desc_t *md)
{
	unsigned long bytes = md->num_pages << PAGE;

	log_region(md);
	if (next_free + bytes < next_free)
		return;
	md->virt_addr = next_free;
	next_free += bytes;
}

void __init walk(void)
{
	efi_memory_desc_t *md;

	for_each_desc(md) {
		if (!wanted(md))
			continue;
		put(md);
		many++;
	}
}
