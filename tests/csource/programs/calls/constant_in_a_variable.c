/*
 * A static that is constant has its value.
 * otherwise: 0x30 => 0x31
 */
static const u32 STEP = 0x30;

u64 constant_in_a_variable(u64 pages)
{
	return pages + STEP;
}
