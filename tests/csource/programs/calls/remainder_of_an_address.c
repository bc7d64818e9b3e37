/*
 * The remainder of an address is that of all its bits.
 * otherwise: address % 0x200000 => (u16)address % 0x200000
 */
u64 remainder_of_an_address(u64 address)
{
	return address % 0x200000;
}
