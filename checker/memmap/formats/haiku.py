"""The map that Haiku's EFI loader prints: ``phys: 0xS-0xE, virt: 0xS-0xE, type: NAME (0xT), attr: 0xA``.

Rules: from logs that hold it. Both ends are the first address behind the range.
"""

from __future__ import annotations

import re

from checker.base.codes import MapCode
from checker.memmap.descriptor import TYPES, U32_MAX, Descriptor, Format
from checker.memmap.text.row_grammar import (
    Fault,
    Grammar,
    LineFormat,
    ParsedRow,
    Piece,
    from_match,
    hexadecimal,
    named_type,
    pages_between,
    word,
)

_FORMAT = Format("haiku-loader")

HAIKU_TYPES: dict[str, int] = TYPES | {name.removesuffix("MemoryType"): number for name, number in TYPES.items()}

_ROW = Grammar(
    word("phys: 0x"),
    hexadecimal(1),
    word("-0x"),
    hexadecimal(1),
    word(", virt: 0x"),
    hexadecimal(1),
    word("-0x"),
    hexadecimal(1),
    word(", type: "),
    Piece("([A-Za-z]{1,40})", "the name of a memory type", "[A-Za-z]*"),
    word(" (0x"),
    hexadecimal(1),
    word("), attr: 0x"),
    hexadecimal(1),
)
_STUB = re.compile(r"^\s*phys?:? *$")


def find(text: str) -> int:
    """Find where a row begins."""
    if "phys: 0x" in text:
        return text.find("phys: 0x")
    if ", virt: 0x" in text and ", type: " in text:
        return len(text) - len(text.lstrip())
    return -1


def convert(match: re.Match[str]) -> ParsedRow | Fault:
    """The row of a match."""
    pages = pages_between(match, 1, closed=False)
    if isinstance(pages, Fault):
        return pages
    virtual = pages_between(match, 3, closed=False)
    if isinstance(virtual, Fault):
        return virtual
    if virtual != pages:
        message = f"the virtual range has {virtual:#x} pages, the physical one {pages:#x}"
        return from_match(MapCode.PAGES_DISAGREE, match, 4, message)
    type_ = int(match[6], 16)
    if type_ > U32_MAX:
        return from_match(MapCode.OUT_OF_RANGE, match, 6, f"a memory type is at most {U32_MAX:#x}")
    descriptor = Descriptor(type_, int(match[1], 16), pages, int(match[7], 16), int(match[3], 16))
    return named_type(match, type_, 6, 5, HAIKU_TYPES) or ParsedRow(descriptor, _FORMAT, closed=False)


HAIKU = LineFormat((_ROW,), find, convert, _STUB)
