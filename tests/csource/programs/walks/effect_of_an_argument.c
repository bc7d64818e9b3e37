/*
 * A call that has no bearing itself does what its arguments do.
 * otherwise: note(next_call()); => note(5);
 */
static u64 cursor;

static u64 next_call(void)
{
	cursor += 1;
	return cursor;
}

void __init effect_of_an_argument(void)
{
	efi_memory_desc_t *md;

	for_each_efi_memory_desc(md) {
		note(next_call());
		if (md->type == 7)
			continue;
		md->virt_addr = cursor;
	}
}
