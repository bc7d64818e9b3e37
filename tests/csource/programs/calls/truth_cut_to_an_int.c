/*
 * An int that keeps a flag of the upper half is 0.
 * otherwise: int high => bool high
 */
#define EFI_MEMORY_RUNTIME ((u64)0x8000000000000000ULL)

u64 truth_cut_to_an_int(u64 flags)
{
	int high = flags & EFI_MEMORY_RUNTIME;

	if (high)
		return 1;
	return 2;
}
