/*
 * Of two ints that are constants the one that is taken is widened with its sign.
 * otherwise: -1 : 1 => -1 : 1U
 */
u64 ternary_of_constants(u32 type)
{
	return (type & 1) ? -1 : 1;
}
