/*
 * A macro evaluates an argument as often as it names it.
 * otherwise: (x) > 4 ? (x) : 4 => (x) > 4 ? x_ : 4
 */
#define AT_LEAST_4(x) ((x) > 4 ? (x) : 4)

static u64 x_ = 9;
static u32 count;

u64 macro_evaluates_twice(u32 type)
{
	return AT_LEAST_4(count++);
}
