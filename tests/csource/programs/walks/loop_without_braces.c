/*
 * A loop over one statement has that in it, and no more.
 * otherwise: cursor += 1; => cursor += 0;
 */
static u64 cursor;

void __init loop_without_braces(void)
{
	efi_memory_desc_t *md;

	for_each_efi_memory_desc(md)
		md->virt_addr = cursor++;
	cursor += 1;
	for_each_efi_memory_desc(md)
		md->num_pages = cursor++;
}
