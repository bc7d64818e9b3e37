/*
 * A variable of an inner block hides the one outside, and leaves it alone.
 * otherwise: u64 n = 1; => n = 1;
 */
void __init variable_of_an_inner_block(void)
{
	efi_memory_desc_t *md;

	for_each_efi_memory_desc(md) {
		u64 n = md->num_pages;

		if (md->type & 1) {
			u64 n = 1;

			n += 2;
			md->attribute = n;
		}
		md->virt_addr = n;
	}
}
