/*
 * A while loop within a turn looks at its condition before each round.
 * otherwise: rounds < 3 => rounds < 2
 */
void __init bounded_rounds(void)
{
	efi_memory_desc_t *md;

	for_each_efi_memory_desc(md) {
		u64 n = md->num_pages;
		u32 rounds = 0;

		while (n > 1000 && rounds < 3) {
			n -= 1000;
			rounds++;
		}
		md->virt_addr = n;
		md->attribute = rounds;
	}
}
