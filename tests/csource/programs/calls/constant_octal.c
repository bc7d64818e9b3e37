/*
 * A constant that begins with 0 is octal.
 * otherwise: 010 => 10
 */
u64 constant_octal(u64 pages)
{
	return pages + 010;
}
