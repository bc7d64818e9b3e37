/*
 * What a pointer points to is changed by the call.
 * otherwise: *count += 1; => u32 copy = *count; copy += 1;
 */
static void bump(u32 *count)
{
	*count += 1;
}

void __init call_through_a_pointer(void)
{
	efi_memory_desc_t *md;
	u32 count = 0;

	for_each_efi_memory_desc(md) {
		if (md->type & 1)
			bump(&count);
		md->virt_addr = count;
	}
}
