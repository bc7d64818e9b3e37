/* What the small programs take for granted: fixed widths, a map to walk over, and the usual macros of a kernel. */
#define NULL ((void *)0)
#define __init

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed char s8;
typedef short s16;
typedef int s32;
typedef long long s64;
typedef _Bool bool;

typedef struct {
	u32 type;
	u32 pad;
	u64 phys_addr;
	u64 virt_addr;
	u64 num_pages;
	u64 attribute;
} efi_memory_desc_t;

extern efi_memory_desc_t *map_begin, *map_end;

#define for_each_efi_memory_desc(md) for ((md) = map_begin; (md) < map_end; (md)++)

#define PAGE_SHIFT 12

#define min(a, b) ({ __typeof__(a) a_ = (a); __typeof__(b) b_ = (b); a_ < b_ ? a_ : b_; })
#define max(a, b) ({ __typeof__(a) a_ = (a); __typeof__(b) b_ = (b); a_ > b_ ? a_ : b_; })
#define min_t(type, a, b) ({ type a_ = (a); type b_ = (b); a_ < b_ ? a_ : b_; })
#define max_t(type, a, b) ({ type a_ = (a); type b_ = (b); a_ > b_ ? a_ : b_; })
#define within(x, unit) ((x) & ((__typeof__(x))(unit) - 1))
#define round_down(x, unit) ((x) - within(x, unit))
#define round_up(x, unit) ((x) + (-(x) & ((__typeof__(x))(unit) - 1)))
#define ALIGN(x, unit) round_up(x, unit)
#define IS_ALIGNED(x, unit) (!within(x, unit))

static inline void note(u64 value)
{
}
