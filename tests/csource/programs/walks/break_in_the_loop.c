/*
 * `break` ends the walk.
 * otherwise: break; => continue;
 */
void __init break_in_the_loop(void)
{
	efi_memory_desc_t *md;

	for_each_efi_memory_desc(md) {
		if (md->type == 7)
			break;
		md->virt_addr = md->num_pages;
	}
}
