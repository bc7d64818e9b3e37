"""The map that esx-boot prints: ``MMap[I]: 0xS - 0xE len=B, type=T, attr=0xA``.

Rules: from logs that hold it. The end is the last address, the length is decimal bytes.
Every line may be printed a second time behind ``<7>``. Only extracts of such logs are known, so the first index may
be any.
"""

from __future__ import annotations

import re

from checker.base.codes import MapCode
from checker.memmap.descriptor import PAGE_SIZE, U32_MAX, Descriptor, Format
from checker.memmap.text.row_grammar import (
    Fault,
    Grammar,
    LineFormat,
    ParsedRow,
    decimal,
    from_match,
    hexadecimal,
    pages_between,
    word,
)

_FORMAT = Format("esx-boot")

_ROW = Grammar(
    word("MMap["),
    decimal(),
    word("]: 0x"),
    hexadecimal(1),
    word(" - 0x"),
    hexadecimal(1),
    word(" len="),
    decimal(),
    word(", type="),
    decimal(),
    word(", attr=0x"),
    hexadecimal(1),
)
_ECHO = re.compile(r"\s*<7>")
_STUB = re.compile(r"^\s*MMap?\[?$")
_BODY = re.compile(r"0x[^ ]+ - 0x[^ ]+ len=[0-9]")


def find(text: str) -> int:
    """Find where a row begins."""
    if "MMap[" in text:
        return text.find("MMap[")
    return 0 if "len=" in text and _BODY.search(text[:256]) else -1


def convert(match: re.Match[str]) -> ParsedRow | Fault:
    """The row of a match."""
    pages = pages_between(match, 2, closed=True)
    if isinstance(pages, Fault):
        return pages
    if int(match[4]) != pages * PAGE_SIZE:
        message = f"the row says {match[4]} bytes, its range has {pages * PAGE_SIZE}"
        return from_match(MapCode.SIZE_DISAGREES, match, 4, message)
    if int(match[5]) > U32_MAX:
        return from_match(MapCode.OUT_OF_RANGE, match, 5, f"a memory type is at most {U32_MAX:#x}")
    descriptor = Descriptor(int(match[5]), int(match[2], 16), pages, int(match[6], 16))
    return ParsedRow(descriptor, _FORMAT, int(match[1]))


ESX_BOOT = LineFormat((_ROW,), find, convert, _STUB, echo=_ECHO, starts_at_zero=False)
