/*
 * A member of an enumeration is an int, and negative ones are.
 * otherwise: LOW = -8 => LOW = 0xfffffff8
 */
enum level { LOW = -8, HIGH = 8 };

u64 enumeration_member_is_an_int(u64 address)
{
	return address + LOW;
}
