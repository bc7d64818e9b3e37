"""The stable codes of everything that can be wrong with a memory map as it was handed in."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Explained(StrEnum):
    """A stable code: its value is the code alone, ``explanation`` says in one line what it means."""

    explanation: str

    def __new__(cls, value: str, explanation: str) -> Self:
        """Make the member: the string is the code alone, the explanation is an attribute."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.explanation = explanation
        return member


class Code(Explained):
    """One kind of mistake in an input: M1xx in a memory map, M2xx in the bytes of a kexec hand-over."""

    NO_MAP = "M101", "the input holds no line of a memory map in any known format"
    CUT = "M102", "a line of the map ends before it is complete"
    MALFORMED = "M103", "a line of the map holds something that does not belong there"
    END_BEFORE_START = "M104", "a range ends before it starts"
    SIZE_DISAGREES = "M105", "the size printed beside a range is not the size of the range"
    PAGES_DISAGREE = "M106", "the page count printed beside a range is not that of the range"
    PARTIAL_PAGE = "M107", "the length of a range is not a whole number of 4 KiB pages"
    MISSING_INDEX = "M108", "the numbering of the list jumps: a line is missing"
    REPEATED_INDEX = "M109", "a line of the list is there twice or out of order"
    MIXED_FORMATS = "M110", "one list holds lines of two formats"
    UNKNOWN_TYPE = "M111", "the name of a memory type is not one that this format has"
    UNKNOWN_ATTRIBUTE = "M112", "the name of an attribute is not one that this format has, or it is there twice"
    NAME_DISAGREES = "M113", "the number and the name of a memory type name different types"
    INCOMPLETE = "M114", "the list does not have as many entries as its header announces"
    SUMMARY_DISAGREES = "M115", "the summary under the list counts other pages than the list"
    OUT_OF_RANGE = "M116", "a number does not fit its field"
    INPUT_TOO_LARGE = "M120", "the input is larger than the reader accepts"
    LINE_TOO_LONG = "M121", "a line is longer than the reader accepts"
    TOO_MANY = "M122", "the map has more descriptors than the reader accepts"
    UNREADABLE = "M130", "the file or directory cannot be read"
    JSON_SYNTAX = "M140", "the input begins like JSON but is not JSON"
    JSON_SHAPE = "M141", "the JSON does not have the shape of a memory map"
    JSON_REPEATED_KEY = "M142", "a JSON object has one key twice"
    SYSFS_FIELD = "M150", "a numbered directory of a runtime map lacks a file"
    NO_RUNTIME_LIST = "M160", "the kernel log has no list after `EFI runtime memory map:`"
    BYTES_MISSING = "M201", "the bytes end before the structure does"
    BYTES_LEFT = "M202", "there are more bytes than the structure has"
    STRIDE = "M203", "the descriptor size is not a multiple of 8 of at least 40"
    DESCRIPTOR_VERSION = "M204", "the descriptor version is not 1"
    PARTIAL_DESCRIPTOR = "M205", "the array does not hold a whole number of descriptors"
    CHAIN_OUTSIDE = "M206", "a pointer of the setup_data list leads out of the bytes given"
    CHAIN_LOOP = "M207", "the setup_data list leads back into itself, or its entries overlap"
    SETUP_HEADING = "M210", "a line is neither the heading of a setup_data entry nor a row of its bytes"
    SETUP_ORDER = "M211", "the setup_data entries are not numbered one after the other"
    SETUP_ROW = "M212", "a row of setup_data bytes is not pairs of hexadecimal digits"
    SETUP_CUT = "M213", "the setup_data bytes wanted were left out of the copy"
    NUMBER_LINE = "M214", "a value under a heading is not a hexadecimal number"
    BOOT_PARAMS_SHAPE = "M220", "the JSON does not have the shape of decoded boot parameters"
    BOOT_PARAMS_DISAGREE = "M221", "a decoded field is not what the raw bytes beside it say"
    NO_HANDOVER = "M230", "there is nothing here that one kernel handed to another"
    INPUT_TWICE = "M231", "the same part of the hand-over was given twice"
    TOO_MANY_COMPARED = "M232", "the maps have more entries than can be compared"
    TOO_MANY_PARTS = "M233", "what is handed over has more parts than the reader accepts"


_COPY = "copy the whole line from its source again; do not repair it by hand"
_LOG = "take the whole log: boot with a larger `log_buf_len=`, or read it from the journal"
_REMEDIES: dict[Code, str] = {
    Code.NO_MAP: "give a kernel log of a boot with `efi=debug`, the output of the UEFI shell's `memmap`, "
    "/sys/firmware/efi/runtime-map, or JSON with `regions`",
    Code.MISSING_INDEX: _LOG,
    Code.REPEATED_INDEX: "leave one copy of the list, in the order in which it was printed",
    Code.MIXED_FORMATS: "give one list at a time, as one program printed it",
    Code.INCOMPLETE: _LOG,
    Code.SUMMARY_DISAGREES: "take the output of `memmap` again, whole",
    Code.OUT_OF_RANGE: "write a number that fits the field",
    Code.UNREADABLE: "check the path and its permissions",
    Code.JSON_SYNTAX: "check the file with a JSON tool such as `jq .`",
    Code.JSON_SHAPE: 'the shape is {"regions": [{"type": 6, "phys_addr": "0x1000", "num_pages": 1, '
    '"attribute": "0x8000000000000008"}]}',
    Code.JSON_REPEATED_KEY: "leave one of the two",
    Code.SYSFS_FIELD: "copy the whole directory /sys/firmware/efi/runtime-map",
    Code.NO_RUNTIME_LIST: "boot with `efi=debug`; kernels before 4.3 print no such list",
    Code.BYTES_MISSING: "copy the whole structure",
    Code.BYTES_LEFT: "copy the structure alone",
    Code.STRIDE: "give the descriptor size that came with it: 48 from most firmware, 40 from U-Boot or kexec-tools",
    Code.DESCRIPTOR_VERSION: "only version 1 of EFI_MEMORY_DESCRIPTOR is known",
    Code.PARTIAL_DESCRIPTOR: "copy as many bytes as memmap_size says, and give the descriptor size that goes with them",
    Code.CHAIN_OUTSIDE: "give the memory that the whole list lies in, and the address that it begins at",
    Code.CHAIN_LOOP: "the list is damaged: copy it again",
    Code.SETUP_HEADING: "an entry is a line such as `0 type=0x4` and then its bytes, 32 to a line, in hexadecimal",
    Code.SETUP_ORDER: "copy all entries of /sys/kernel/boot_params/setup_data, by number",
    Code.SETUP_CUT: "copy all bytes of the entry",
    Code.NUMBER_LINE: "write the file as the kernel shows it, such as 0x7f5ebb98",
    Code.BOOT_PARAMS_SHAPE: 'the shape is {"raw_0x1c0_32_bytes": "64 hexadecimal digits"}',
    Code.BOOT_PARAMS_DISAGREE: "decode the 32 bytes again; they count",
    Code.NO_HANDOVER: "give the runtime map of the first kernel together with what it handed over (setup_data.hex, "
    "boot_params_efi.json) or with the runtime map of the second kernel",
    Code.INPUT_TWICE: "give at most two runtime maps, first kernel first, and one of all else",
}


def remedy(code: Code) -> str:
    """How to mend a mistake of this kind."""
    return _REMEDIES.get(code, _COPY)
