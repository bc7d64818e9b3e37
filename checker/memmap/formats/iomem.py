"""The outermost ranges of Linux's ``/proc/iomem``: ``S-E : NAME``, what lies in one is indented below it.

Rules: ``r_show()`` in ``kernel/resource.c``: the last address; who may not see addresses sees zeros. Names of memory
are those of e820; whatever else has addresses there is memory-mapped I/O. No attributes, so no region is RUNTIME.
"""

from __future__ import annotations

import re

from checker.base.codes import MapCode
from checker.memmap.descriptor import Descriptor, Format, Origin
from checker.memmap.formats.e820 import KINDS, SPECIFIC_PURPOSE, whole_pages
from checker.memmap.text.row_grammar import Fault, Grammar, LineFormat, ParsedRow, Piece, from_match, hexadecimal, word

_FORMAT = Format("iomem")
_MMIO = 11

_NAME = Piece("([^ ].{0,200})", "the name of a resource")
_ROW = Grammar(hexadecimal(8), word("-"), hexadecimal(8), word(" : "), _NAME)
_ZEROS = re.compile(r"\s*0{8,16}-0{8,16} : ")

HIDDEN = "the kernel hides these addresses: only root may see them"
AS_ROOT = "copy /proc/iomem again as root"

_HEAD = re.compile(r"[0-9a-f]{8,16}-[0-9a-f]{8,16} : ")


def is_hidden(text: str) -> bool:
    """Tell whether this is what the kernel shows to others than root."""
    return _ZEROS.match(text) is not None


def find(text: str) -> int:
    """Find where a row begins: an indented one is part of another."""
    return 0 if " : " in text and _HEAD.match(text) else -1


def convert(match: re.Match[str]) -> ParsedRow | Fault:
    """The row of a match."""
    start, last = int(match[1], 16), int(match[2], 16)
    if last == 0:
        return from_match(MapCode.MALFORMED, match, 1, HIDDEN, AS_ROOT)
    name = match[3].strip().lower()
    type_ = KINDS.get(name, _MMIO)
    first, pages = whole_pages(type_, start, last + 1)
    return ParsedRow(Descriptor(type_, first, pages, SPECIFIC_PURPOSE.get(name, 0)), _FORMAT)


IOMEM = LineFormat((_ROW,), find, convert, origin=Origin.RANGES)
