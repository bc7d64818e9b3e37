"""Remedies for mistakes in memory maps."""

from __future__ import annotations

from checker.base.codes import MapCode

_COPY = "copy the whole line from its source again; do not repair it by hand"
_LOG = "take the whole log: boot with a larger `log_buf_len=`, or read it from the journal"
_REMEDIES: dict[MapCode, str] = {
    MapCode.NO_MAP: "give a kernel log of a boot with `efi=debug`, the output of the UEFI shell's `memmap`, "
    "/sys/firmware/efi/runtime-map, or JSON with `regions`; --columns describes the rows of another printer",
    MapCode.MISSING_INDEX: _LOG,
    MapCode.REPEATED_INDEX: "leave one copy of the list, in the order in which it was printed",
    MapCode.MIXED_FORMATS: "give one list at a time, as one program printed it",
    MapCode.INCOMPLETE: _LOG,
    MapCode.SUMMARY_DISAGREES: "take the output of `memmap` again, whole",
    MapCode.ELIDED: "give the list as it was printed, whole",
    MapCode.OUT_OF_RANGE: "write a number that fits the field",
    MapCode.UNREADABLE: "check the path and its permissions",
    MapCode.JSON_SYNTAX: "check the file with a JSON tool such as `jq .`",
    MapCode.JSON_SHAPE: 'the shape is {"regions": [{"type": 6, "phys_addr": "0x1000", "num_pages": 1, '
    '"attribute": "0x8000000000000008"}]}',
    MapCode.JSON_REPEATED_KEY: "leave one of the two",
    MapCode.SYSFS_FIELD: "copy the whole directory /sys/firmware/efi/runtime-map",
    MapCode.NO_RUNTIME_LIST: "boot with `efi=debug`; kernels before 4.3 print no such list",
    MapCode.NO_ADDRESSES: "a kernel log names none: give the runtime map with it, as in `mapproof identify LOG "
    "/sys/firmware/efi/runtime-map`",
    MapCode.NO_FIRMWARE_MAP: "give the log of a boot with `efi=debug` first, then the runtime map",
    MapCode.HANDED_OVER: "give the whole list of the first kernel: one that kexec started is told its addresses",
    MapCode.KINDS_DIFFER: "give two maps of firmware, or two runtime maps; captures hold both",
    MapCode.BAD_COLUMNS: "write a row with fields in braces, such as '{type} {phys:x}-{last:x} {attr:x}'; the fields "
    "are index, type, phys, virt, pages, bytes, end, last, attr, and {} for anything",
    MapCode.FORM_CANNOT_HOLD: "write it as json, csv or raw, which hold every map",
    MapCode.BYTES_MISSING: "copy the whole structure",
    MapCode.BYTES_LEFT: "copy the structure alone",
    MapCode.STRIDE: "give the descriptor size that came with it: 48 from most firmware, 40 from U-Boot or kexec-tools",
    MapCode.DESCRIPTOR_VERSION: "only version 1 of EFI_MEMORY_DESCRIPTOR is known",
    MapCode.PARTIAL_DESCRIPTOR: "copy as many bytes as memmap_size says, and give the descriptor size that goes with "
    "them",
    MapCode.CHAIN_OUTSIDE: "give the memory that the whole list lies in, and the address that it begins at",
    MapCode.CHAIN_LOOP: "the list is damaged: copy it again",
    MapCode.SETUP_HEADING: "an entry is a line such as `0 type=0x4` and then its bytes, 32 to a line, in hexadecimal",
    MapCode.SETUP_ORDER: "copy all entries of /sys/kernel/boot_params/setup_data, by number",
    MapCode.NUMBER_LINE: "write the file as the kernel shows it, such as 0x7f5ebb98",
    MapCode.BOOT_PARAMS_SHAPE: 'the shape is {"raw_0x1c0_32_bytes": "64 hexadecimal digits"}',
    MapCode.BOOT_PARAMS_DISAGREE: "decode the 32 bytes again; they count",
    MapCode.NO_HANDOVER: "give the runtime map of the first kernel together with what it handed over (setup_data.hex, "
    "boot_params_efi.json) or with the runtime map of the second kernel",
    MapCode.INPUT_TWICE: "give at most two runtime maps, first kernel first, and one of all else",
}


def remedy(code: MapCode) -> str:
    """Return the remedy for a mistake of this kind."""
    return _REMEDIES.get(code, _COPY)
