"""The map that the memory-map application of UEFI-Lessons prints, an entry on two lines:

    [#I] Type: EfiNAME  Attr:  words
          Phys: S-E

The end is the last address.
"""

from __future__ import annotations

import re

from checker.memmap.descriptor import ATTRIBUTES, TYPES, Descriptor, Format
from checker.memmap.text.row_grammar import (
    Fault,
    Grammar,
    LineFormat,
    ParsedRow,
    Piece,
    attribute_words,
    decimal,
    hexadecimal,
    pages_between,
    table,
    unknown_type,
    word,
)

_FORMAT = Format("uefi-lessons-app")

_TYPES: dict[str, int] = {"Efi" + name: number for name, number in TYPES.items()}
_ROW = Grammar(
    word("[#"),
    decimal(),
    word("] Type: "),
    Piece("([A-Za-z]{1,40})", "the name of a memory type", "[A-Za-z]*"),
    word(" Attr:"),
    Piece("((?: +[A-Z_]{2,20})*+)", "attribute names"),
    Piece(r"(?: *[^\w\s][^\n]{0,80}?)?", "the end of the line"),
    word(" Phys: "),
    hexadecimal(8),
    word("-"),
    hexadecimal(8),
)
_HEAD = re.compile(r"\[#[0-9]+")
_STUB = re.compile(r"^\s*\[#?$|^\s*Phys: ")


find = table(_HEAD, re.compile(r"\[#[0-9]+\] Type:"))


def convert(match: re.Match[str]) -> ParsedRow | Fault:
    """The row of a match."""
    type_ = _TYPES.get(match[2])
    if type_ is None:
        return unknown_type(match, 2, _TYPES)
    attribute = attribute_words(match, 3, ATTRIBUTES, None)
    if isinstance(attribute, Fault):
        return attribute
    pages = pages_between(match, 4, closed=True)
    if isinstance(pages, Fault):
        return pages
    return ParsedRow(Descriptor(type_, int(match[4], 16), pages, attribute), _FORMAT, int(match[1]))


UEFI_LESSONS = LineFormat((_ROW,), find, convert, _STUB)
