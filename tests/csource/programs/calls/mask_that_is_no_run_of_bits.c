/*
 * A mask with holes keeps its bits and no others.
 * otherwise: 0x5a5 => 0x7ff
 */
u64 mask_that_is_no_run_of_bits(u64 address)
{
	return address & 0x5a5;
}
