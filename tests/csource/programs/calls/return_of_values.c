/*
 * The first `return` that is met gives the value.
 * otherwise: return 2; => ;
 */
#define EFI_MEMORY_RUNTIME ((u64)0x8000000000000000ULL)

static int kind(u64 flags, u32 type)
{
	if (flags & EFI_MEMORY_RUNTIME)
		return 1;
	if (type == 3 || type == 4)
		return 2;
	return -1;
}

u64 return_of_values(u64 flags, u32 type)
{
	return kind(flags, type);
}
