/*
 * A field is incremented in its own width.
 * otherwise: md->type++ => md->type + 1UL
 */
void __init increment_of_a_field(void)
{
	efi_memory_desc_t *md;

	for_each_efi_memory_desc(md) {
		md->num_pages = md->type++;
		md->virt_addr = md->type;
	}
}
