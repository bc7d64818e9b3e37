/* A run of the stub's layout, from the map of the firmware to the list for SetVirtualAddressMap(). */
int stub(efi_memory_desc_t *list, int count, int without_call, efi_memory_desc_t *made)
{
	int found = 0;

	efi_novamap = without_call;
	efi_get_virtmap(list, count * sizeof(*list), sizeof(*list), made, &found);
	return found;
}
