/* A merging of neighbours of our own: what touches the region before, and is of its type, is added to it. */
static bool touches(efi_memory_desc_t *low, efi_memory_desc_t *high)
{
	return low->phys_addr + (low->num_pages << 12) == high->phys_addr;
}

void merge(void)
{
	efi_memory_desc_t *kept = NULL, *md;

	for_each_desc(md) {
		if (kept && kept->type == md->type && touches(kept, md)) {
			kept->num_pages += md->num_pages;
			md->type = 0;
			md->attribute &= ~(1ULL << 63);
		} else {
			kept = md;
		}
	}
}
