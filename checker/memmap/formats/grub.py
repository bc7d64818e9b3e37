"""The map that GRUB's ``lsefimmap`` prints: ``TYPE S-E PAGES SIZE ATTRS``.

Rules: ``grub_cmd_lsefimmap()`` in ``grub-core/commands/efi/lsefimmap.c``. The end is the last address, the page
count is hexadecimal,
the size is decimal in the largest unit that leaves no fraction, types without a name are ``Unk %02x``.
"""

from __future__ import annotations

import re

from checker.base.codes import MapCode
from checker.memmap.descriptor import PAGE_SIZE, RUNTIME, Descriptor, Format
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
    decimal,
    from_match,
    hexadecimal,
    pages_between,
    same_pages,
    table,
    table_stub,
    unknown_type,
    word,
)

_FORMAT = Format("grub-lsefimmap")

GRUB_TYPES: dict[str, int] = {
    name: number
    for number, name in enumerate(
        (
            "reserved",
            "ldr-code",
            "ldr-data",
            "BS-code",
            "BS-data",
            "RT-code",
            "RT-data",
            "conv-mem",
            "unusable",
            "ACPI-rec",
            "ACPI-nvs",
            "MMIO",
            "IO-ports",
            "PAL-code",
            "persist",
        )
    )
}
GRUB_ATTRIBUTES = SHORT_ATTRIBUTES | {"RT": RUNTIME, "MR": 0x10000, "CC": 0x80000}

_UNITS = {unit: 1 << (10 * power) for power, unit in enumerate(("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"))}
_ANY = "|".join(GRUB_TYPES)
_ROW = Grammar(
    Piece("([A-Za-z-]{4,10}|Unk [0-9a-f]{2,8})", "the name of a memory type", "[A-Za-z-]*"),
    BLANKS,
    hexadecimal(16),
    word("-"),
    hexadecimal(16),
    BLANKS,
    hexadecimal(8),
    BLANKS,
    decimal(),
    Piece("([KMGTPE]?i?B)", "`KiB`", "[KMGTPE]?i?"),
    Piece("((?: +[A-Z]{2,5})*+)", "attribute names"),
)
_HEAD = re.compile(rf"(?<![\w-])(?:{_ANY}|Unk [0-9a-f]{{2,8}}) +(?:[0-9a-f]{{12}}|[^ ]{{16}}-[^ ]{{16}} )")
_STUB = table_stub(GRUB_TYPES)
_find = table(_HEAD, RANGE)
_HEADER = re.compile(r"Type +Physical start +- end")


def find(text: str) -> int:
    """Find where a row begins; a shell row of the same name has upper-case digits or no size."""
    start = _find(text)
    return start if start >= 0 and ("-" in text[start : start + 4] or "iB" in text[start:]) else -1


def convert(match: re.Match[str]) -> ParsedRow | Fault:
    """The row of a match."""
    name = match[1]
    type_ = int(name[4:], 16) if name.startswith("Unk ") else GRUB_TYPES.get(name)
    if type_ is None:
        return unknown_type(match, 1, GRUB_TYPES)
    pages = pages_between(match, 2, closed=True)
    if isinstance(pages, Fault):
        return pages
    fault = same_pages(match, 4, int(match[4], 16), pages)
    if fault is not None:
        return fault
    unit = _UNITS.get(match[6], 0)
    if int(match[5]) * unit != pages * PAGE_SIZE:
        message = f"the row says {match[5]}{match[6]}, its range has {pages * PAGE_SIZE // 1024}KiB"
        return from_match(MapCode.SIZE_DISAGREES, match, 5, message)
    attribute = attribute_words(match, 7, GRUB_ATTRIBUTES, None)
    if isinstance(attribute, Fault):
        return attribute
    return ParsedRow(Descriptor(type_, int(match[2], 16), pages, attribute), _FORMAT)


GRUB = LineFormat((_ROW,), find, convert, _STUB, _HEADER, words=GRUB_ATTRIBUTES)
