/*
 * `return` ends the walk and all that comes after it.
 * otherwise: return; => break;
 */
void __init return_from_a_walk(void)
{
	efi_memory_desc_t *md;

	for_each_efi_memory_desc(md) {
		if (md->type == 7)
			return;
		md->virt_addr = 1;
	}
	for_each_efi_memory_desc(md)
		md->virt_addr += 2;
}
