"""The map that U-Boot's ``efidebug memmap`` prints: ``TYPE S-E ATTRS``.

Rules: ``do_efi_show_memmap()`` and ``print_memory_attributes()`` in ``cmd/efidebug.c``. The end is the first
address behind the range.
"""

from __future__ import annotations

import re

from checker.memmap.descriptor import RUNTIME, Descriptor, Format
from checker.memmap.text.lines import body_start
from checker.memmap.text.row_grammar import (
    BLANKS,
    RANGE,
    SHORT_ATTRIBUTES,
    Fault,
    Grammar,
    LineFormat,
    ParsedRow,
    Piece,
    attribute_words,
    hexadecimal,
    pages_between,
    table,
    table_stub,
    unknown_type,
    word,
)

_FORMAT = Format("uboot-efidebug")

UBOOT_TYPES: dict[str, int] = {
    "RESERVED": 0,
    "LOADER CODE": 1,
    "LOADER DATA": 2,
    "BOOT CODE": 3,
    "BOOT DATA": 4,
    "RUNTIME CODE": 5,
    "RUNTIME DATA": 6,
    "CONVENTIONAL": 7,
    "UNUSABLE MEM": 8,
    "ACPI RECLAIM MEM": 9,
    "ACPI NVS": 10,
    "IO": 11,
    "IO PORT": 12,
    "PAL": 13,
    "PERSISTENT": 14,
    "UNACCEPTED": 15,
    "BOOT SERVICES CODE": 3,
    "BOOT SERVICES DATA": 4,
    "RUNTIME SERVICES CODE": 5,
    "RUNTIME SERVICES DATA": 6,
    "ACPI RECLAIM": 9,
    "ACPI MEMORY NVS": 10,
}
"""``efi_mem_type_string[]`` of cmd/efidebug.c, and spellings of other versions."""

UBOOT_ATTRIBUTES = SHORT_ATTRIBUTES | {"RT": RUNTIME, "rel": 0x10000, "MR": 0x10000, "crypt": 0x80000, "CC": 0x80000}

_ROW = Grammar(
    Piece("([A-Z(][A-Za-z()]{1,15}(?: [A-Z]{2,10}){0,3})", "the name of a memory type", "[A-Z ]*"),
    BLANKS,
    hexadecimal(16),
    word("-"),
    hexadecimal(16),
    BLANKS,
    Piece("([A-Za-z]{2,8}(?:[|][A-Za-z]{2,8}){0,20})", "attributes joined by `|`", "[A-Za-z|]*"),
)
_ANY = "|".join(sorted(map(re.escape, UBOOT_TYPES), key=len, reverse=True))
_HEAD = re.compile(
    rf"(?<![\w-])(?:{_ANY}|\(unknown\)) +"
    r"(?:[0-9a-f]{8}[^ ]|0[0-9a-f]{3}(?![0-9a-f]*[ .,])|[^ ]{16}-[^ ]{16}(?: |$))"
)
_STUB = table_stub(UBOOT_TYPES)
_BODY = re.compile(r"[A-Z][A-Z ]{1,22} [0-9a-f]{16}-[0-9a-f]{16}(?: [A-Z|]+)?\s*$")
_HEADER = re.compile(r"Type +Start +End +Attributes")


find = table(_HEAD, RANGE)


def find_damaged(text: str) -> int:
    """Find where a row begins whose name is not one of U-Boot's."""
    start = body_start(text)
    return start if _BODY.match(text, start) else -1


def convert(match: re.Match[str]) -> ParsedRow | Fault:
    """The row of a match."""
    type_ = UBOOT_TYPES.get(match[1])
    if type_ is None:
        return unknown_type(match, 1, UBOOT_TYPES)
    pages = pages_between(match, 2, closed=False)
    if isinstance(pages, Fault):
        return pages
    attribute = attribute_words(match, 4, UBOOT_ATTRIBUTES, "|")
    if isinstance(attribute, Fault):
        return attribute
    return ParsedRow(Descriptor(type_, int(match[2], 16), pages, attribute), _FORMAT, closed=False)


UBOOT = LineFormat((_ROW,), find, convert, _STUB, _HEADER, damaged=find_damaged, words=UBOOT_ATTRIBUTES)
