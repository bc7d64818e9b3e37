/*
 * A character is an int.
 * otherwise: 'A' => 'B'
 */
u64 constant_of_a_character(u64 pages)
{
	return pages + 'A';
}
