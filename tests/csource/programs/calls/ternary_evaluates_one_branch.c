/*
 * Only one branch is evaluated.
 * otherwise: type & 1 ? a++ : b++ => (a++, b++, type & 1) ? a - 1 : b - 1
 */
static u32 a;
static u32 b = 100;

u64 ternary_evaluates_one_branch(u32 type)
{
	u64 value = type & 1 ? a++ : b++;

	return value * 1000 + a + b;
}
