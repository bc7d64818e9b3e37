/*
 * A cast cuts.
 * otherwise: (u64)(u32)address => (u64)address
 */
u64 cast_to_fewer_bits(u64 address)
{
	return (u64)(u32)address;
}
