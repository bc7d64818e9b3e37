/*
 * A field keeps as many bits as it has, too.
 * otherwise: md->type = md->num_pages; md->virt_addr = md->type => md->type = md->num_pages; md->virt_addr = md->num_pages
 */
void __init narrowing_to_a_field(void)
{
	efi_memory_desc_t *md;

	for_each_efi_memory_desc(md) {
		md->type = md->num_pages; md->virt_addr = md->type;
	}
}
