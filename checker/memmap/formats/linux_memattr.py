"""The memory attributes table (UEFI 2.10, section 4.6.4) as Linux prints it: ``efi: memattr:  0xS-0xE [TYPE|flags]``.

Rules: ``efi_memattr_apply_permissions()`` in ``drivers/firmware/efi/memattr.c``, 4.6 and later, with ``efi=debug``. A
``!`` marks an entry that the kernel refuses. It is no map: it says of runtime regions which parts are code and data.
"""

from __future__ import annotations

import re

from checker.memmap.descriptor import Descriptor, Format, Origin
from checker.memmap.formats.linux_generic import RANGE_PIECES
from checker.memmap.formats.linux_x86 import type_and_attribute
from checker.memmap.text.row_grammar import Fault, Grammar, LineFormat, ParsedRow, pages_between

_FORMAT = Format("linux-memattr", is_linux_log=True)

_ROW = Grammar(*RANGE_PIECES)
_HEAD = re.compile(r"memattr:[ !]{1,6}(?=0x[0-9a-f]{1,16}-)")


def find(text: str) -> int:
    """Find where a row begins."""
    head = _HEAD.search(text) if "memattr" in text else None
    return head.end() if head else -1


def convert(match: re.Match[str]) -> ParsedRow | Fault:
    """The row of a match."""
    pages = pages_between(match, 1, closed=True)
    if isinstance(pages, Fault):
        return pages
    known = type_and_attribute(match, 3)
    if isinstance(known, Fault):
        return known
    return ParsedRow(Descriptor(known[0], int(match[1], 16), pages, known[1]), _FORMAT)


LINUX_MEMATTR = LineFormat((_ROW,), find, convert, origin=Origin.ATTRIBUTES_TABLE)
