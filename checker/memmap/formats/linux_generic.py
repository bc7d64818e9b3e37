"""The list that Linux on arm64, arm, riscv and loongarch prints at boot: ``efi:   0xS-0xE [TYPE|flags]``.

Rules: ``reserve_regions()`` in ``drivers/firmware/efi/efi-init.c`` (before 4.8 in ``arm-init.c``, before 3.19 in
``arch/arm64/kernel/efi.c``, which prints no ``efi:``). The end is the last address; a page is 4 KiB even where the
kernel's
is 16 or 64 KiB. Until 5.x a ``*`` marks what the kernel reserves.
"""

from __future__ import annotations

import re

from checker.memmap.descriptor import Descriptor, Format
from checker.memmap.formats.linux_x86 import FLAGS_PIECE, TYPE_PIECE, type_and_attribute
from checker.memmap.text.row_grammar import (
    Fault,
    Grammar,
    LineFormat,
    ParsedRow,
    Piece,
    hexadecimal,
    pages_between,
    word,
)

_PRINTED_ON = ("arm64", "arm", "riscv64", "loongarch64")
_FORMAT = Format("linux-generic-efi-init", is_linux_log=True, is_announced=True, architectures=_PRINTED_ON)

RANGE_PIECES = (
    word("0x"),
    hexadecimal(12),
    word("-0x"),
    hexadecimal(12),
    word(" ["),
    TYPE_PIECE,
    word("|"),
    FLAGS_PIECE,
    word("]"),
)
_ROW = Grammar(*RANGE_PIECES, Piece(r"\*?", "`*`"))
_HEAD = re.compile(r"(?:efi|EFI):\s+(?=0x)")
_BARE = re.compile(r"(?<![\w\[])0x[0-9a-fA-F]{12,16}-0x[0-9a-fA-F]{12,16} +\[")
_BODY = re.compile(r"0?x?[^\s\[|]{0,20}-0?x?[^\s\[|]{0,20} +\[[A-Z][^|\[\]]{0,30}\|")
_STUB = re.compile(r"(?:efi|EFI):\s*(0?)$|^(?:\[[^\]]*\])?\s*(0x[0-9a-fA-F]*(?:-(?:0x?)?[0-9a-fA-F]*)?)$|^\[[ 0-9.]*$")


def find(text: str) -> int:
    """Find where a row begins."""
    if "0x" in text:
        head = _HEAD.search(text)
        if head is not None:
            return head.end()
    if " [" not in text or "memattr" in text:
        return -1
    bare = _BARE.search(text)
    return bare.start() if bare else -1


def find_damaged(text: str) -> int:
    """Find where a row begins whose addresses are destroyed; rows of the memory attributes table look alike."""
    if "|" not in text or "memattr" in text or "range=[" in text:
        return -1
    body = _BODY.search(text[:512])
    return -1 if body is None else body.start()


def convert(match: re.Match[str]) -> ParsedRow | Fault:
    """The row of a match."""
    pages = pages_between(match, 1, closed=True)
    if isinstance(pages, Fault):
        return pages
    known = type_and_attribute(match, 3)
    if isinstance(known, Fault):
        return known
    return ParsedRow(Descriptor(known[0], int(match[1], 16), pages, known[1]), _FORMAT)


LINUX_GENERIC = LineFormat((_ROW,), find, convert, _STUB, damaged=find_damaged)
