/*
 * A second walk finds the state as the first one left it.
 * otherwise: seen = seen; => seen = 0;
 */
static u64 seen;

void __init state_after_two_walks(void)
{
	efi_memory_desc_t *md;

	for_each_efi_memory_desc(md)
		seen += md->num_pages;
	seen = seen;
	for_each_efi_memory_desc(md)
		md->virt_addr = seen++;
}
