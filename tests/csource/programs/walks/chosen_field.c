/*
 * A field is set to one of two constants, each in the type of the field.
 * otherwise: md->type == 3 ? -1 : 6 => md->type == 3 ? -1U : 6
 */
void __init chosen_field(void)
{
	efi_memory_desc_t *md;

	for_each_efi_memory_desc(md) {
		md->attribute = md->type == 3 ? -1 : 6;
		md->virt_addr = md->attribute;
	}
}
