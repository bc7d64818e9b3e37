/*
 * What comes after a walk is done after `break`, too.
 * otherwise: break; => return;
 */
static u64 found;

void __init break_and_go_on(void)
{
	efi_memory_desc_t *md;

	for_each_efi_memory_desc(md) {
		if (md->type == 7)
			break;
		found++;
	}
	for_each_efi_memory_desc(md)
		md->virt_addr = found;
}
