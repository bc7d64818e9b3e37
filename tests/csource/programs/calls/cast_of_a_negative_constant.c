/*
 * A negative constant that is cast to 32 unsigned bits is large and positive.
 * otherwise: (u32)-1 => -1
 */
u64 cast_of_a_negative_constant(u64 pages)
{
	return pages + (u32)-1;
}
