/*
 * `continue` goes on with the next region.
 * otherwise: continue; => break;
 */
static u64 cursor;

void __init continue_in_the_loop(void)
{
	efi_memory_desc_t *md;

	for_each_efi_memory_desc(md) {
		if (md->type == 7)
			continue;
		cursor += 1;
		md->virt_addr = cursor;
	}
}
