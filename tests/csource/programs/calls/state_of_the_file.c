/*
 * A static of the file keeps its value from one region to the next.
 * otherwise: = cursor; => = cursor; cursor = 0x1000;
 */
#define PAGE_SHIFT 12

static u64 cursor = 0x1000;

u64 state_of_the_file(u64 pages)
{
	u64 result = cursor;

	cursor += pages << PAGE_SHIFT;
	return result;
}
