/*
 * What a condition of the preprocessor leaves out is not there.
 * otherwise: #ifdef CONFIG_OF_NOBODY => #ifndef CONFIG_OF_NOBODY
 */
u64 configured_out(u64 pages)
{
	u64 result = 1;

#ifdef CONFIG_OF_NOBODY
	result = 2;
#else
	result += pages;
#endif
	return result;
}
