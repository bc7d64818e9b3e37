"""The map that U-Boot's ``efi mem`` prints where U-Boot is an EFI application: `` # N:NAME PHYS VIRT SIZE ATTRS``.

Rules: ``efi_print_mem_table()`` in ``cmd/efi.c``. The type is hexadecimal, the size is in bytes, ATTRS is the attribute
word in hexadecimal, without RUNTIME, behind an ``r`` where that is set. Sorted by address. Without the argument ``all``
loader and boot-services memory is shown as conventional, merged, and a line says so.
"""

from __future__ import annotations

import re

from checker.base.codes import MapCode
from checker.memmap.descriptor import PAGE_SIZE, RUNTIME, Descriptor, Format
from checker.memmap.text.row_grammar import (
    BLANKS,
    Fault,
    Grammar,
    LineFormat,
    ParsedRow,
    Piece,
    decimal,
    from_match,
    hexadecimal,
    named_type,
    table,
    word,
)

_FORMAT = Format("uboot-efi-mem", is_announced=True)

UBOOT_MEM_TYPES: dict[str, int] = {
    name: number
    for number, name in enumerate(
        (
            *("reserved", "loader_code", "loader_data", "bs_code", "bs_data", "rt_code", "rt_data", "conv", "unusable"),
            *("acpi_reclaim", "acpi_nvs", "io", "io_port", "pal_code"),
        )
    )
}

_ROW = Grammar(
    decimal(),
    BLANKS,
    hexadecimal(1, 8),
    word(":"),
    Piece("(<invalid>|[a-z_]{2,12})", "the name of a memory type", "[a-z_]*"),
    BLANKS,
    hexadecimal(10),
    BLANKS,
    hexadecimal(10),
    BLANKS,
    hexadecimal(10),
    BLANKS,
    Piece("(r?)", "`r`"),
    hexadecimal(1),
)
_HEAD = re.compile(r"(?<![\w:.])[0-9]{1,6} +[0-9a-f]{1,8}:(?=[a-z_<]{2})")
_BODY = re.compile("[0-9a-f]{10,16} +[0-9a-f]{10,16} +[0-9a-f]{10}")
_HEADER = re.compile(r"# +Type +Physical +Virtual +Size")
_SIZES = re.compile(r"memory map [0-9a-fA-Fx]+, size ([0-9a-fA-F]{1,8}), .{0,60}descr\. size 0x([0-9a-fA-F]{1,8})")
_STUB = re.compile(r"^\s*([0-9]{1,6}(?: +[0-9a-f]{1,8}:?)?)$")

find = table(_HEAD, _BODY)


def convert(match: re.Match[str]) -> ParsedRow | Fault:
    """The row of a match."""
    type_, size = int(match[2], 16), int(match[6], 16)
    if match[3] != "<invalid>" and (fault := named_type(match, type_, 2, 3, UBOOT_MEM_TYPES)) is not None:
        return fault
    if size % PAGE_SIZE:
        return from_match(MapCode.PARTIAL_PAGE, match, 6, f"{size:#x} bytes are not a whole number of pages")
    attribute = int(match[8], 16)
    if attribute & RUNTIME:
        return from_match(MapCode.OUT_OF_RANGE, match, 8, "RUNTIME is printed as `r` here, not as a bit")
    attribute |= RUNTIME if match[7] else 0
    descriptor = Descriptor(type_, int(match[4], 16), size // PAGE_SIZE, attribute, int(match[5], 16))
    return ParsedRow(descriptor, _FORMAT, int(match[1]))


UBOOT_MEM = LineFormat(
    (_ROW,), find, convert, _STUB, _HEADER, merged=re.compile(r"\*?Some areas are merged"), count=_SIZES
)
