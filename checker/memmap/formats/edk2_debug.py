"""A descriptor as edk2's debug output shows it, a field a line, behind ``Entry (0x...)``:

    Entry (0x7E0F018)
      Type              - 0x6
      PhysicalStart     - 0x000000007E8ED000
      VirtualStart      - 0x0000000000000000
      NumberOfPages     - 0x0000000000000100
      Attribute         - 0x800000000000000F

Rules: ``InstallMemoryAttributesTable()`` in ``MdeModulePkg/Core/Dxe/Misc/MemoryAttributesTable.c`` (DEBUG_VERBOSE),
which prints the memory attributes table so, and ``OcPrintMemoryMap()`` of OpenCore, which prints the map so. Which of
the two it is stands in the line above the list.
"""

from __future__ import annotations

import re

from checker.base.codes import MapCode
from checker.memmap.descriptor import U32_MAX, Descriptor, Format, Origin
from checker.memmap.text.row_grammar import Fault, Grammar, LineFormat, ParsedRow, Piece, from_match

_FORMAT = Format("edk2-debug", is_announced=True)


def _field(name: str) -> Piece:
    """A field of an entry; a log may have its own beginning of each line."""
    pattern = rf"[^\n]{{0,60}}?\b{name} *[-:=] *(?:0x)?([0-9A-Fa-f]{{1,16}})"
    return Piece(
        pattern, f"`{name}  - 0x` and hexadecimal digits", rf"[^\n]{{0,60}}?\b{name} *[-:=]? *(?:0x)?[0-9A-Fa-f]*"
    )


_ROW = Grammar(
    Piece(r"Entry \(0x[0-9A-Fa-f]{1,16}\)", "`Entry (0x`"),
    _field("Type"),
    _field("PhysicalStart"),
    _field("VirtualStart"),
    _field("NumberOfPages"),
    _field("Attribute"),
)
_HEAD = re.compile(r"Entry \(0x[0-9A-Fa-f]")
_TABLE = re.compile(r"MemoryAttributesTable:")
_COUNT = re.compile(r"NumberOfEntries *- *0x([0-9A-Fa-f]{1,8})")


def find(text: str) -> int:
    """Find where an entry begins."""
    head = _HEAD.search(text) if "Entry (" in text else None
    return head.start() if head else -1


def convert(match: re.Match[str]) -> ParsedRow | Fault:
    """The row of a match."""
    type_, physical, virtual, pages, attribute = (int(digits, 16) for digits in match.groups())
    if type_ > U32_MAX:
        return from_match(MapCode.OUT_OF_RANGE, match, 1, f"a memory type is at most {U32_MAX:#x}")
    return ParsedRow(Descriptor(type_, physical, pages, attribute, virtual), _FORMAT)


EDK2_DEBUG = LineFormat((_ROW,), find, convert, lines=6, title=(_TABLE, Origin.ATTRIBUTES_TABLE), count=_COUNT)
