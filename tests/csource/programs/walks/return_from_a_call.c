/*
 * `return` in a function that is called ends that one, not the walk.
 * otherwise: return; => ;
 */
static void lay(efi_memory_desc_t *md)
{
	md->virt_addr = 1;
	if (md->type == 7)
		return;
	md->virt_addr = 2;
}

void __init return_from_a_call(void)
{
	efi_memory_desc_t *md;

	for_each_efi_memory_desc(md) {
		lay(md);
		md->num_pages = md->virt_addr;
	}
}
