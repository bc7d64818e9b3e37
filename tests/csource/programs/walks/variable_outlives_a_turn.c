/*
 * A variable of the function keeps its value through the loop.
 * otherwise: sum += md->type; => sum = md->type;
 */
void __init variable_outlives_a_turn(void)
{
	efi_memory_desc_t *md;
	u32 sum = 0;

	for_each_efi_memory_desc(md) {
		sum += md->type;
		md->virt_addr = sum;
	}
}
