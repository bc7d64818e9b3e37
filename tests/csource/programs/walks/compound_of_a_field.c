/*
 * A field is changed in place, and what comes later sees it.
 * otherwise: md->attribute |= 8 => md->attribute | 8
 */
void __init compound_of_a_field(void)
{
	efi_memory_desc_t *md;

	for_each_efi_memory_desc(md) {
		md->attribute |= 8;
		md->virt_addr = md->attribute;
	}
}
