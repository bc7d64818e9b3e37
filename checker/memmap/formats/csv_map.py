"""A table for spreadsheets and scripts, the project's own: ``type,phys_addr,num_pages,attribute,virt_addr``.

Type and page count are decimal, the others hexadecimal with ``0x``. What a spreadsheet has saved in its own way (with
semicolons, quotes, or numbers made decimal) is read with ``--columns``.
"""

from __future__ import annotations

import re

from checker.base.codes import MapCode
from checker.memmap.descriptor import U32_MAX, U64_MAX, Descriptor, Format, MemoryMap
from checker.memmap.text.row_grammar import (
    Fault,
    Grammar,
    LineFormat,
    ParsedRow,
    decimal,
    from_match,
    hexadecimal,
    table,
    word,
)

CSV = Format("csv")

_COMMA = word(",0x")
_ROW = Grammar(decimal(), _COMMA, hexadecimal(1), word(","), decimal(), _COMMA, hexadecimal(1), _COMMA, hexadecimal(1))
_HEAD = re.compile(r"(?<![\w.])[0-9]{1,10},0x[0-9a-f]")
_HEADER = re.compile(r"type,phys_addr,num_pages,attribute,virt_addr")

find = table(_HEAD, re.compile(",0x[0-9a-f]+,[0-9]"))


def convert(match: re.Match[str]) -> ParsedRow | Fault:
    """The row of a match."""
    for group, most in ((1, U32_MAX), (3, U64_MAX)):
        if int(match[group]) > most:
            return from_match(MapCode.OUT_OF_RANGE, match, group, f"this number is at most {most:#x}")
    kind, physical, pages, attribute, virtual = match.groups()
    descriptor = Descriptor(int(kind), int(physical, 16), int(pages), int(attribute, 16), int(virtual, 16))
    return ParsedRow(descriptor, CSV)


def write_csv(memory_map: MemoryMap) -> str:
    """The map as a table."""
    rows = (
        f"{each.type},{each.phys_addr:#x},{each.num_pages},{each.attribute:#x},{each.virt_addr:#x}\n"
        for each in memory_map.descriptors
    )
    return "type,phys_addr,num_pages,attribute,virt_addr\n" + "".join(rows)


CSV_ROWS = LineFormat((_ROW,), find, convert, header=_HEADER)
