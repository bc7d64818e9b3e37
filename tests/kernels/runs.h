/* Runs of what was cut out, in the order in which a kernel comes to it, from the map of the firmware to its own list. */
static void begin(const efi_memory_desc_t *list, int count, const struct surroundings *given, char *memory, u64 size)
{
	around = *given;
	arena = arena_next = memory;
	arena_end = memory + size;
	efi.memmap.desc_size = sizeof(*list);
	efi.memmap.map = take(count * sizeof(*list));
	memcpy(efi.memmap.map, list, count * sizeof(*list));
	install(efi.memmap.map, count * sizeof(*list), sizeof(*list));
}

static int told(efi_memory_desc_t *made, int most)
{
	int count = efi.memmap.nr_map < most ? efi.memmap.nr_map : most;

	memcpy(made, efi.memmap.map, count * sizeof(*made));
	return efi.memmap.nr_map;
}

static void reserve(const struct range *table)
{
	if (table->start < table->end)
		efi_arch_mem_reserve(table->start, table->end - table->start);
}

static void before_addresses_are_given(const struct range *tables)
{
	efi_clean_memmap();
	reserve(tables);
	reserve(tables + 1);
	efi_reserve_boot_services();
	reserve(tables + 2);
}

/* Return how many descriptors the kernel's list has, -1 if there is none. */
int first_boot(const efi_memory_desc_t *list, int count, const struct surroundings *given, const struct range *tables,
	       char *memory, u64 size, efi_memory_desc_t *made, int most)
{
	int selected = 0, shift = 0;
	void *chosen;

	begin(list, count, given, memory, size);
	before_addresses_are_given(tables);
	efi_merge_regions();
	chosen = efi_map_regions(&selected, &shift);
	if (!chosen)
		return -1;
	install(chosen, selected * sizeof(*list), sizeof(*list));
	efi_unmap_boot_services();
	return told(made, most);
}

/* Without all that is done before and after: each step of its own is what a kernel's function makes of the map. */
int only_merge(const efi_memory_desc_t *list, int count, const struct surroundings *given, char *memory, u64 size,
	       efi_memory_desc_t *made, int most)
{
	begin(list, count, given, memory, size);
	efi_merge_regions();
	return told(made, most);
}

int only_clean(const efi_memory_desc_t *list, int count, const struct surroundings *given, char *memory, u64 size,
	       efi_memory_desc_t *made, int most)
{
	begin(list, count, given, memory, size);
	efi_clean_memmap();
	return told(made, most);
}

int only_map(const efi_memory_desc_t *list, int count, const struct surroundings *given, char *memory, u64 size,
	     efi_memory_desc_t *made, int most)
{
	int selected = 0, shift = 0;
	void *chosen;

	begin(list, count, given, memory, size);
	chosen = efi_map_regions(&selected, &shift);
	if (!chosen)
		return -1;
	install(chosen, selected * sizeof(*list), sizeof(*list));
	return told(made, most);
}

int merge_and_map(const efi_memory_desc_t *list, int count, const struct surroundings *given, char *memory, u64 size,
		  efi_memory_desc_t *made, int most)
{
	int selected = 0, shift = 0;
	void *chosen;

	begin(list, count, given, memory, size);
	efi_merge_regions();
	chosen = efi_map_regions(&selected, &shift);
	if (!chosen)
		return -1;
	install(chosen, selected * sizeof(*list), sizeof(*list));
	return told(made, most);
}

int second_boot(const efi_memory_desc_t *list, int count, const struct surroundings *given, const struct range *tables,
		char *memory, u64 size, efi_memory_desc_t *made, int most, struct mapping *mapped, int mapped_most)
{
	begin(list, count, given, memory, size);
	mappings = mapped;
	mappings_most = mapped_most;
	before_addresses_are_given(tables);
	kexec_enter_virtual_mode();
	return told(made, most);
}

/* The list, each region of it with the address at which it was mapped last. */
int only_kexec(const efi_memory_desc_t *list, int count, const struct surroundings *given, char *memory, u64 size,
	       efi_memory_desc_t *made, int most)
{
	static struct mapping mapped[2 * 512];
	int number, found;

	begin(list, count, given, memory, size);
	mappings = mapped;
	mappings_most = 2 * 512;
	kexec_enter_virtual_mode();
	found = told(made, most);
	for (number = 0; number < found; number++)
		made[number].virt_addr = mappings_count == 2 * found ? mapped[2 * number + 1].virt_addr : ~0ULL;
	return found;
}

int mappings_made(void)
{
	return mappings_count;
}
