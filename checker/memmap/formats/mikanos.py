"""The map that the MikanOS boot loader writes, in two forms: comma-separated, and in columns.

``I, T, NAME, S, P, A``: the index is decimal, all else hexadecimal without prefix, and the attribute word is cut to
its low
bits, so EFI_MEMORY_RUNTIME is lost. ``I T NAME 0xS 0xP 0xA``: index and type are decimal, the attribute word is
whole.
"""

from __future__ import annotations

import re

from checker.base.codes import MapCode
from checker.memmap.descriptor import TYPES, U32_MAX, Descriptor, Format
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

_MIKANOS_CSV = Format("mikanos-csv")
_MIKANOS_COLUMNS = Format("mikanos-columns")

_CSV_TYPES: dict[str, int] = {"Efi" + name: number for name, number in TYPES.items()}
_COLUMN_TYPES: dict[str, int] = {
    name: number
    for number, name in enumerate(
        (
            "Reserved Memory Type",
            "Loader Code",
            "Loader Data",
            "Boot Services Code",
            "Boot Services Data",
            "Runtime Services Code",
            "Runtime Services Data",
            "Conventional Memory",
            "Unusable Memory",
            "ACPI Reclaim Memory",
            "ACPI Memory NVS",
            "Memory Mapped IO",
            "Memory Mapped IO Port Space",
            "Pal Code",
            "Persistent Memory",
            "Unaccepted Memory Type",
        )
    )
}

_COMMA = word(", ")
_CSV = Grammar(
    decimal(),
    _COMMA,
    hexadecimal(1, 8),
    _COMMA,
    Piece("([A-Za-z]{1,40})", "the name of a memory type", "[A-Za-z]*"),
    _COMMA,
    hexadecimal(8),
    _COMMA,
    hexadecimal(1),
    _COMMA,
    hexadecimal(1),
)
_COLUMNS = Grammar(
    decimal(),
    BLANKS,
    decimal(),
    BLANKS,
    Piece("([A-Za-z]{1,20}(?: [A-Za-z]{1,20}){0,5})", "the name of a memory type", "[A-Za-z ]*"),
    word(" 0x"),
    hexadecimal(10),
    word(" 0x"),
    hexadecimal(8),
    word(" 0x"),
    hexadecimal(16),
)
_CSV_HEAD = re.compile(r"(?<![\w,.])[0-9]+, *[0-9A-Fa-f]+, *Efi")
_CSV_STUB = re.compile(r"^\s*[0-9]+(?:,(?: *[0-9A-F]+(?:, *E?f?)?)?)?$|^.{1,30}, .{1,30}, .{8,16}, .{1,16}, .{1,16}$")
_COLUMNS_HEAD = re.compile(r"(?<![\w.:])[0-9]+ +[0-9]+ +[A-Z][A-Za-z ]+ 0x")
_COLUMNS_STUB = re.compile(r"^\s*[0-9]+(?: +(?:[0-9]+(?: +(?:[A-Z][A-Za-z ]*0?)?)?)?)?$|0x[^ ]{14} +0x[^ ]{10} +0x")


find_csv = table(_CSV_HEAD, re.compile(", *Efi"))
find_columns = table(_COLUMNS_HEAD, re.compile("[A-Za-z] +0x"))


def _row(match: re.Match[str], type_: int, names: dict[str, int], form: Format) -> ParsedRow | Fault:
    if type_ > U32_MAX:
        return from_match(MapCode.OUT_OF_RANGE, match, 2, f"a memory type is at most {U32_MAX:#x}")
    fault = named_type(match, type_, 2, 3, names)
    descriptor = Descriptor(type_, int(match[4], 16), int(match[5], 16), int(match[6], 16))
    return fault or ParsedRow(descriptor, form, int(match[1]))


def convert_csv(match: re.Match[str]) -> ParsedRow | Fault:
    """The row of a match of the comma-separated form."""
    return _row(match, int(match[2], 16), _CSV_TYPES, _MIKANOS_CSV)


def convert_columns(match: re.Match[str]) -> ParsedRow | Fault:
    """The row of a match of the columns."""
    return _row(match, int(match[2]), _COLUMN_TYPES, _MIKANOS_COLUMNS)


_HEADER = re.compile(r"Index,")
MIKANOS_CSV = LineFormat((_CSV,), find_csv, convert_csv, _CSV_STUB, _HEADER)
MIKANOS_COLUMNS = LineFormat((_COLUMNS,), find_columns, convert_columns, _COLUMNS_STUB, _HEADER)
