/*
 * The branch that is unsigned is widened with zeros beside a long.
 * otherwise: type : => (int)type :
 */
u64 ternary_of_unsigned_and_long(u64 address, u64 pages, u32 type)
{
	long other = address;

	return (pages & 1) ? type : other;
}
