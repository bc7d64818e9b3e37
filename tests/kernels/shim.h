/*
 * What the functions that are cut out of a kernel find around them: types, the map, and in the place of all that has no
 * bearing on the layout as little as will do. Memory comes from one arena; what memblock and e820 would say is given.
 */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed char s8;
typedef short s16;
typedef int s32;
typedef long long s64;
typedef _Bool bool;
typedef u64 phys_addr_t;
typedef unsigned long size_t;
typedef unsigned long efi_status_t;
typedef u64 resource_size_t;

#define NULL ((void *)0)
#define true 1
#define false 0
#define U64_MAX (~0ULL)
#define __init
#define __user
#define __weak
#define _AC(x, suffix) x##suffix
#define typeof __typeof__
#define ENOMEM 12
#define EINVAL 22
#define ENOENT 2

#define PAGE_SHIFT 12
#define PAGE_SIZE 4096UL
#define PAGE_MASK (~(PAGE_SIZE - 1))
#define PMD_SHIFT 21
#define PMD_SIZE (1UL << PMD_SHIFT)
#define PMD_MASK (~(PMD_SIZE - 1))

#define unlikely(x) (x)
#define likely(x) (x)


#define FW_WARN ""
#define FW_BUG ""
#define pr_warn(...) do { } while (0)
#define pr_err(...) do { } while (0)
#define pr_info(...) do { } while (0)
#define pr_debug(...) do { } while (0)
#define pr_warn_once(...) do { } while (0)
#define pr_err_once(...) do { } while (0)
#define efi_md_typeattr_format(...) ""
#define WARN_ON(x) (!!(x))
#define WARN_ON_ONCE(x) (!!(x))
#define WARN(x, ...) (!!(x))
#define WARN_ONCE(x, ...) (!!(x))
#define IS_ENABLED(option) (option)
#define CONFIG_X86_32 0
#define CONFIG_X86_64 1
#define CONFIG_EFI_MIXED 1
#define CONFIG_EFI_SOFT_RESERVE 1
#define CONFIG_KEXEC_CORE 1

typedef struct {
	u32 type;
	u32 pad;
	u64 phys_addr;
	u64 virt_addr;
	u64 num_pages;
	u64 attribute;
} efi_memory_desc_t;

struct efi_memory_map {
	phys_addr_t phys_map;
	void *map;
	void *map_end;
	int nr_map;
	unsigned long desc_version;
	unsigned long desc_size;
	unsigned long flags;
	bool late;
};

struct efi_memory_map_data {
	phys_addr_t phys_map;
	unsigned long size;
	unsigned long desc_version;
	unsigned long desc_size;
	unsigned long flags;
};

struct range {
	u64 start;
	u64 end;
};

struct efi_mem_range {
	struct range range;
	u64 attribute;
};

/* What the outside decides of a run. */
struct surroundings {
	u64 reserved_from;
	u64 reserved_to;
	u32 mixed;
	u32 soft_reserve;
	u32 debug;
};

struct mapping {
	u64 phys_addr;
	u64 virt_addr;
	u64 num_pages;
};

static struct surroundings around;

static struct {
	struct efi_memory_map memmap;
	unsigned long flags;
	u32 runtime_version;
	void *runtime;
	void *systab;
} efi;

/* The arena, and the memory that was reserved in the course of the run. */
static char *arena, *arena_next, *arena_end;
static struct range held[256];
static int held_count;
static struct mapping *mappings;
static int mappings_count, mappings_most;

static void *take(u64 size)
{
	char *found = arena_next;

	if (size > (u64)(arena_end - arena_next))
		return NULL;
	arena_next += (size + 63) & ~63ULL;
	for (u64 i = 0; i < size; i++)
		found[i] = 0;
	return found;
}

static void copy(void *to, const void *from, u64 size)
{
	char *into = to;
	const char *out_of = from;

	while (size--)
		*into++ = *out_of++;
}

#define memcpy(to, from, size) copy(to, from, size)
#define __pa(address) ((unsigned long)(address))
#define __va(address) ((void *)(unsigned long)(address))

static bool efi_enabled(int feature)
{
	if (feature == EFI_64BIT)
		return !around.mixed;
	if (feature == EFI_DBG)
		return around.debug;
	return feature == EFI_MEMMAP || feature == EFI_BOOT || feature == EFI_RUNTIME_SERVICES;
}

#define efi_is_mixed() (around.mixed)
#define efi_soft_reserve_enabled() (around.soft_reserve)

static unsigned long __get_free_pages(int flags, int order)
{
	return (unsigned long)take(PAGE_SIZE << order);
}

#define GFP_KERNEL 0
#define free_pages(address, order) do { } while (0)

static bool overlap(u64 start, u64 size, u64 from, u64 to)
{
	return from < to && size && start < to && from < start + size;
}

/* The lowest 64 KiB are reserved before any map is looked at. */
static bool memblock_is_region_reserved(u64 start, u64 size)
{
	if (overlap(start, size, 0, SZ_64K) || overlap(start, size, around.reserved_from, around.reserved_to))
		return true;
	for (int i = 0; i < held_count; i++)
		if (overlap(start, size, held[i].start, held[i].end))
			return true;
	return false;
}

static void memblock_reserve(u64 start, u64 size)
{
	if (held_count < 256)
		held[held_count++] = (struct range){ start, start + size };
}

#define can_free_region(start, size) true

static int efi_memmap_alloc(unsigned int count, struct efi_memory_map_data *data)
{
	data->desc_size = efi.memmap.desc_size;
	data->desc_version = efi.memmap.desc_version;
	data->size = count * data->desc_size;
	data->phys_map = (phys_addr_t)(unsigned long)take(data->size);
	return data->phys_map ? 0 : -ENOMEM;
}

static int install(void *map, unsigned long size, unsigned long desc_size)
{
	efi.memmap.phys_map = (phys_addr_t)(unsigned long)map;
	efi.memmap.map = map;
	efi.memmap.map_end = (char *)map + size;
	efi.memmap.nr_map = size / desc_size;
	efi.memmap.desc_size = desc_size;
	return 0;
}

static int efi_memmap_install(struct efi_memory_map_data *data)
{
	return install((void *)(unsigned long)data->phys_map, data->size, data->desc_size);
}

static int efi_memmap_init_late(phys_addr_t map, unsigned long size)
{
	return install((void *)(unsigned long)map, size, efi.memmap.desc_size);
}

static void __map_region(efi_memory_desc_t *md, u64 va)
{
	if (mappings_count < mappings_most)
		mappings[mappings_count++] = (struct mapping){ md->phys_addr, va, md->num_pages };
}

#define early_memremap(address, size) __va(address)
#define early_memremap_prot(address, size, protection) __va(address)
#define memremap(address, size, kind) __va(address)
#define early_memunmap(address, size) do { } while (0)
#define memunmap(address) do { } while (0)
#define efi_memmap_unmap() do { } while (0)
#define pgprot_val(x) 0
#define pgprot_encrypted(x) 0
#define FIXMAP_PAGE_NORMAL 0
#define MEMREMAP_WB 0
#define e820__range_update(...) do { } while (0)
#define e820__update_table(table) do { } while (0)
#define kzalloc(size, flags) take(size)
#define real_mode_size_needed() 0
#define set_real_mode_mem(address) do { } while (0)
#define efi_unmap_pages(md) do { } while (0)
#define clear_bit(bit, word) do { } while (0)
#define efi_alloc_page_tables() 0
#define efi_setup_page_tables(...) 0
#define efi_sync_low_kernel_mappings() do { } while (0)
#define efi_native_runtime_setup() do { } while (0)

static struct range *ranges_to_free;
