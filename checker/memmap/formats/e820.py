"""The ranges that x86 firmware or a boot loader hands over where there is no map: ``BIOS-e820: [mem 0xS-0xE] KIND``.

Rules: ``e820__print_table()`` in ``arch/x86/kernel/e820.c``: the last address, and a kind by name. Before Linux 3.5
``BIOS-e820: S - E (KIND)`` with the first address behind the range. Xen prints ``[S, E] (KIND)``. No attributes, so no
region is RUNTIME, and no page granularity: usable memory is rounded inwards, all else outwards, as the kernel does it.
"""

from __future__ import annotations

import re

from checker.memmap.descriptor import ATTRIBUTES, PAGE_SIZE, Descriptor, Format, Origin
from checker.memmap.text.row_grammar import (
    Fault,
    Grammar,
    LineFormat,
    ParsedRow,
    Piece,
    hexadecimal,
    unknown_type,
    word,
)

_FORMAT = Format("e820", architectures=("x86_64", "i386"))

USABLE = 7

KINDS: dict[str, int] = {
    "usable": USABLE,
    "system ram": USABLE,
    "reserved": 0,
    "device reserved": 0,
    "acpi data": 9,
    "acpi tables": 9,
    "acpi nvs": 10,
    "acpi non-volatile storage": 10,
    "unusable": 8,
    "unusable memory": 8,
    "soft reserved": USABLE,
    "persistent": 14,
    "persistent memory": 14,
    "persistent (type 7)": 14,
    "persistent (type 12)": 14,
    "persistent memory (legacy)": 14,
}
"""The kinds of ranges by the names that Linux has for them, in lower case, and UEFI's type of memory for each."""

SPECIFIC_PURPOSE = {"soft reserved": ATTRIBUTES["SP"]}

_KIND = r"(type [0-9]{1,10}|[A-Za-z]{3,12}(?:[ -][A-Za-z]{2,12}){0,2}(?: \([a-z]{4,6}(?: [0-9]{1,2})?\))?)"
_KIND_PIECE = Piece(_KIND, "the kind of a range", "[A-Za-z ]*")
_LINUX = Grammar(word("[mem 0x"), hexadecimal(1), word("-0x"), hexadecimal(1), word("] "), _KIND_PIECE)
_OLD = Grammar(hexadecimal(8), word(" - "), hexadecimal(8), word(" ("), _KIND_PIECE)
_XEN = Grammar(word("["), hexadecimal(8), word(", "), hexadecimal(8), word("] ("), _KIND_PIECE)
_HEAD = re.compile(
    r"(?:BIOS-e820|Xen|user):\s+(?=\[mem 0x|[0-9a-f]{8})|\(XEN\)\s+(?=\[[0-9a-f]{8,16}, [0-9a-f]{8,16}\] \()"
)


def find(text: str) -> int:
    """Find where a row begins; ``e820: update [mem ...]`` changes the table, and is none of it."""
    head = _HEAD.search(text) if ": " in text or "(XEN)" in text else None
    return head.end() if head else -1


def whole_pages(type_: int, start: int, end: int) -> tuple[int, int]:
    """The first address and the number of pages of a range of bytes: of usable memory what is in it as a whole."""
    inwards = PAGE_SIZE - 1 if type_ == USABLE else 0
    first, last = (start + inwards) // PAGE_SIZE, (end + PAGE_SIZE - 1 - inwards) // PAGE_SIZE
    return first * PAGE_SIZE, max(last - first, 0)


def convert(match: re.Match[str]) -> ParsedRow | Fault:
    """The row of a match."""
    kind = match[3].lower()
    type_ = 0 if kind.startswith("type ") else KINDS.get(kind)
    if type_ is None:
        return unknown_type(match, 3, KINDS)
    closed = match.re is not _OLD.strict
    start, pages = whole_pages(type_, int(match[1], 16), int(match[2], 16) + closed)
    return ParsedRow(Descriptor(type_, start, pages, SPECIFIC_PURPOSE.get(kind, 0)), _FORMAT)


E820 = LineFormat((_LINUX, _OLD, _XEN), find, convert, origin=Origin.RANGES)
