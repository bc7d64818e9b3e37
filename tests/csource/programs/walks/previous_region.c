/*
 * A pointer to the region before is kept through the loop, and may be written through.
 * otherwise: before->num_pages += 1; => md->num_pages += 1;
 */
void __init previous_region(void)
{
	efi_memory_desc_t *md, *before = NULL;

	for_each_efi_memory_desc(md) {
		if (!before) {
			before = md;
			continue;
		}
		if (before->type == md->type)
			before->num_pages += 1;
		before = md;
	}
}
