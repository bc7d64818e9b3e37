/*
 * `continue` in a condition within a condition leaves the turn, not the condition.
 * otherwise: continue; => ;
 */
void __init continue_in_nested_conditions(void)
{
	efi_memory_desc_t *md;

	for_each_efi_memory_desc(md) {
		md->virt_addr = 1;
		if (md->type & 1) {
			if (md->num_pages > 4)
				continue;
			md->virt_addr = 2;
		}
		md->virt_addr += 16;
	}
}
