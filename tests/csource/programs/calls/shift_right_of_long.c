/*
 * A long is shifted with its sign over 64 bits.
 * otherwise: long n => unsigned long n
 */
#define PAGE_SHIFT 12

u64 shift_right_of_long(u64 address)
{
	long n = address;

	return n >> PAGE_SHIFT;
}
