/*
 * In a chain of `else if` the first that holds is taken.
 * otherwise: else if (type < 8) => if (type < 8)
 */
u64 chain_of_conditions(u32 type)
{
	u64 result = 0;

	if (type < 4)
		result = 1;
	else if (type < 8)
		result = 2;
	else
		result = 3;
	return result;
}
