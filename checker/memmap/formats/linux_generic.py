"""The list that Linux on arm64, arm, riscv and loongarch prints at boot: ``efi:   0xS-0xE [TYPE|flags]``.

Rules: ``reserve_regions()`` in ``drivers/firmware/efi/efi-init.c`` (before 4.8 in ``arm-init.c``, before 3.19 in
``arch/arm64/kernel/efi.c``, which prints no ``efi:``). The end is the last address; a page is 4 KiB even where the
kernel's
is 16 or 64 KiB. Until 5.x a ``*`` marks what the kernel reserves.
"""

from __future__ import annotations

import re

from checker.memmap.descriptor import Descriptor, Format
from checker.memmap.formats.linux_x86 import FLAGS_PIECE, TYPE_PIECE, kernel_flags, kernel_type
from checker.memmap.text.lines import body_start
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

_FORMAT = Format("linux-generic-efi-init", is_linux_log=True, is_announced=True)

_ROW = Grammar(
    word("0x"),
    hexadecimal(12),
    word("-0x"),
    hexadecimal(12),
    word(" ["),
    TYPE_PIECE,
    word("|"),
    FLAGS_PIECE,
    word("]"),
    Piece(r"\*?", "`*`"),
)
_HEAD = re.compile(r"(?:efi|EFI):\s+(?=0x)")
_BARE = re.compile(r"0x[0-9a-fA-F]{12,16}-0x[0-9a-fA-F]{12,16} +\[")
_BODY = re.compile(r"0?x?[^\s\[|]{0,20}-0?x?[^\s\[|]{0,20} +\[[A-Z][^|\[\]]{0,30}\|")
_STUB = re.compile(r"(?:efi|EFI):\s*(0?)$|^(?:\[[^\]]*\])?\s*(0x[0-9a-fA-F]*(?:-(?:0x?)?[0-9a-fA-F]*)?)$|^\[[ 0-9.]*$")


def find(text: str) -> int:
    """Find where a row begins."""
    if "0x" in text:
        head = _HEAD.search(text)
        if head is not None:
            return head.end()
    if " [" not in text:
        return -1
    start = body_start(text)
    return start if _BARE.match(text, start) else -1


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
    type_ = kernel_type(match, 3)
    attribute = kernel_flags(match, 4)
    if isinstance(type_, Fault):
        return type_
    if isinstance(attribute, Fault):
        return attribute
    return ParsedRow(Descriptor(type_, int(match[1], 16), pages, attribute), _FORMAT)


LINUX_GENERIC = LineFormat((_ROW,), find, convert, _STUB, damaged=find_damaged)
