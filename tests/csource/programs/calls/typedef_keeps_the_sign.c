/*
 * A name for a type has its width and its sign.
 * otherwise: typedef int offset_t; => typedef unsigned int offset_t;
 */
typedef int offset_t;

u64 typedef_keeps_the_sign(u32 type)
{
	offset_t offset = type;

	return offset;
}
