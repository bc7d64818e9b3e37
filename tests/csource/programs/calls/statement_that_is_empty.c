/*
 * An `if` with an empty statement leaves the other way to `else`.
 * otherwise: ;/**/ => result = 7;
 */
u64 statement_that_is_empty(u32 type)
{
	u64 result = 3;

	if (type & 1)
		;/**/
	else
		result = 9;
	return result;
}
