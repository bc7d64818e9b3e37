"""The map that FreeBSD prints at a verbose boot: ``TYPE PHYS VIRT PAGES ATTRS``.

Rules: ``print_efi_map_entry()`` in ``sys/arm64/arm64/machdep.c`` and the like of amd64 (``efi_map_print_entry``
later). PHYS may be unaligned. VIRT is printed with ``%p`` of a pointer, padded: FreeBSD 13 prints a bare ``0`` where
there is none.
"""

from __future__ import annotations

import re

from checker.memmap.descriptor import RUNTIME, TYPES, Descriptor, Format
from checker.memmap.text.row_grammar import (
    BLANKS,
    SHORT_ATTRIBUTES,
    Fault,
    Grammar,
    LineFormat,
    ParsedRow,
    Piece,
    attribute_words,
    hexadecimal,
    table,
    table_stub,
    unknown_type,
)

_FORMAT = Format("freebsd")

FREEBSD_TYPES: dict[str, int] = {name.removesuffix("MemoryType"): number for name, number in TYPES.items()}
FREEBSD_ATTRIBUTES = SHORT_ATTRIBUTES | {"RUNTIME": RUNTIME, "MORE_RELIABLE": 0x10000}

_ROW = Grammar(
    Piece("([A-Za-z]{3,30})", "the name of a memory type", "[A-Za-z]*"),
    BLANKS,
    hexadecimal(12),
    BLANKS,
    Piece("([0-9a-f]{12,16}|0(?= ))", "12 to 16 hexadecimal digits, or 0", "[0-9a-f]*"),
    BLANKS,
    hexadecimal(8),
    Piece("((?: +[A-Z_]{2,20})*+)", "attribute names"),
)
_ANY = "|".join(sorted(FREEBSD_TYPES, key=len, reverse=True))
_HEAD = re.compile(rf"(?<![\w-])(?:{_ANY}) +(?:[0-9a-f]{{12,16}}(?: |$)|[^ -]{{12,16}} [^ -]{{12,16}} [^ ]{{8}})")
_BODY = re.compile("[0-9a-f]{12} +[0-9a-f]{1,16} +[0-9a-f]{8}")
_STUB = table_stub(FREEBSD_TYPES, " {1,12}")
_HEADER = re.compile(r"Type +Physical +Virtual +#Pages +Attr")


find = table(_HEAD, _BODY)


def convert(match: re.Match[str]) -> ParsedRow | Fault:
    """The row of a match."""
    type_ = FREEBSD_TYPES.get(match[1])
    if type_ is None:
        return unknown_type(match, 1, FREEBSD_TYPES)
    attribute = attribute_words(match, 5, FREEBSD_ATTRIBUTES, None)
    if isinstance(attribute, Fault):
        return attribute
    descriptor = Descriptor(type_, int(match[2], 16), int(match[4], 16), attribute, int(match[3], 16))
    return ParsedRow(descriptor, _FORMAT)


FREEBSD = LineFormat((_ROW,), find, convert, _STUB, _HEADER, words=FREEBSD_ATTRIBUTES)
