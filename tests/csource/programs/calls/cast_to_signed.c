/*
 * A cast to a signed type makes the top bit the sign.
 * otherwise: (u64)(s32)address => (u64)(u32)address
 */
u64 cast_to_signed(u64 address)
{
	return (u64)(s32)address;
}
