/*
 * A for loop takes a step for each part of its header.
 * otherwise: i++, sum += 3 => i++, sum += 2
 */
void __init comma_in_a_loop(void)
{
	efi_memory_desc_t *md;

	for_each_efi_memory_desc(md) {
		u32 i, sum;

		for (i = 0, sum = md->type; i < 4; i++, sum += 3)
			md->attribute = sum;
		md->virt_addr = sum;
	}
}
