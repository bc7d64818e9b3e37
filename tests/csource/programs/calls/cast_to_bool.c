/*
 * A cast to bool asks for any bit.
 * otherwise: (bool)pages => (u8)pages
 */
u64 cast_to_bool(u64 pages)
{
	return (bool)pages + 1;
}
