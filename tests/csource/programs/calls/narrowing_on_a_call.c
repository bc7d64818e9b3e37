/*
 * An argument becomes what the parameter is.
 * otherwise: unsigned int count) => u64 count)
 */
#define PAGE_SHIFT 12

static u64 bytes_of(unsigned int count)
{
	return (u64)count << PAGE_SHIFT;
}

u64 narrowing_on_a_call(u64 pages)
{
	return bytes_of(pages);
}
