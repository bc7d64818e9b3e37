/*
 * A pointer to a region stays there until it is set anew.
 * otherwise: kept = md; => kept = md; else kept = md;
 */
void __init kept_region(void)
{
	efi_memory_desc_t *md, *kept = NULL;

	for_each_efi_memory_desc(md) {
		if (kept) {
			if (kept->type == md->type) {
				kept->num_pages += md->num_pages;
				md->attribute = 0;
				continue;
			}
		}
		if (md->type & 1)
			kept = md;
	}
}
