"""The map that Xen prints on its console: ``(XEN)  S-E type=T attr=A``.

Rules: ``efi_init_memory()`` in ``xen/common/efi/boot.c``. The end is the last address, the type is decimal.
"""

from __future__ import annotations

import re

from checker.base.codes import MapCode
from checker.memmap.descriptor import U32_MAX, Descriptor, Format
from checker.memmap.text.lines import body_start
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

_FORMAT = Format("xen")

_ROW = Grammar(hexadecimal(13), word("-"), hexadecimal(13), word(" type="), decimal(), word(" attr="), hexadecimal(16))
_STAMP = r"\(XEN\)(?: \[[^\]]{1,60}\])?"
_HEAD = re.compile(_STAMP + r"\s+(?=[0-9a-f]{13,16}(?:-|$))")
_BODY = re.compile(r"[^ ]{8,20}-[^ ]{8,20} +type=[0-9]+ +attr=")
_STUB = re.compile(
    _STAMP + r" {1,4}([0-9a-f]{1,13}(?:-[0-9a-f]{0,13})?|[0-9a-f]{6,13}[^0-9a-f\s][0-9a-f]{6,13})(?: |$)"
)


def find(text: str) -> int:
    """Find where a row begins."""
    head = _HEAD.search(text) if "(XEN)" in text else None
    if head is not None:
        return head.end()
    if "type=" not in text:
        return -1
    start = body_start(text)
    return start if _BODY.match(text, start) else -1


def convert(match: re.Match[str]) -> ParsedRow | Fault:
    """The row of a match."""
    pages = pages_between(match, 1, closed=True)
    if isinstance(pages, Fault):
        return pages
    if int(match[3]) > U32_MAX:
        return from_match(MapCode.OUT_OF_RANGE, match, 3, f"a memory type is at most {U32_MAX:#x}")
    return ParsedRow(Descriptor(int(match[3]), int(match[1], 16), pages, int(match[4], 16)), _FORMAT)


XEN = LineFormat((_ROW,), find, convert, _STUB, re.compile(r".{0,200}EFI memory map:"))
