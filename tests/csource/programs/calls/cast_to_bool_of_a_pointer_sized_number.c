/*
 * A shift that leaves only the upper half is true all the same.
 * otherwise: (bool)(address >> 32) => (bool)(u8)(address >> 32)
 */
u64 cast_to_bool_of_a_pointer_sized_number(u64 address)
{
	return (bool)(address >> 32);
}
