"""The list that x86 Linux (and, long ago, ia64) prints at boot: ``memNN: ...``.

Rules: ``print_efi_memmap()`` / ``efi_print_memmap()`` in ``arch/x86/platform/efi/efi.c`` and
``efi_md_typeattr_format()``
in ``drivers/firmware/efi/efi.c``.

- 2.6.17 to 3.18: ``type=%u, attr=0x%llx``, the end is the first address behind the range, ``)``
- 3.19 to 4.8: names and flag columns, still ``)``
- 4.9 and later: the same, the end is the last address of the range, ``]``; an empty entry at ``pa`` is ``[pa, pa -
1]``
- 5.x and later: shorter type names, more columns

Distributions mix the generations, so only the closing bracket tells what the end means, and only the names what a
column means. The size in brackets is the number of whole MiB (ia64: of the largest unit that is not zero).
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from checker.base.codes import MapCode
from checker.memmap.descriptor import RUNTIME, U32_MAX, U64_MAX, Descriptor, Format, MemoryMap
from checker.memmap.text.lines import body_start
from checker.memmap.text.row_grammar import (
    SHORT_ATTRIBUTES,
    Fault,
    Grammar,
    LineFormat,
    ParsedRow,
    Piece,
    attribute_words,
    decimal,
    from_match,
    hexadecimal,
    pages_between,
    unknown_type,
    word,
)

_PRINTED_ON = ("x86_64", "i386", "ia64")
_LINUX_X86_TYPE = Format("linux-x86-type", is_linux_log=True, architectures=_PRINTED_ON, kernels=("2.6.17", "3.18"))
_LINUX_X86_FLAGS_CLOSED = Format(
    "linux-x86-flags-closed", is_linux_log=True, architectures=_PRINTED_ON, kernels=("4.9",)
)
_LINUX_X86_FLAGS_HALFOPEN = Format(
    "linux-x86-flags-halfopen", is_linux_log=True, architectures=_PRINTED_ON, kernels=("3.19", "4.8")
)

_CLOSED_BY_COLUMNS = (
    (12, replace(_LINUX_X86_FLAGS_CLOSED, kernels=("4.9", "5.4"))),
    (13, replace(_LINUX_X86_FLAGS_CLOSED, kernels=("5.5", "5.9"))),
    (14, replace(_LINUX_X86_FLAGS_CLOSED, kernels=("5.10",))),
)
"""The form by the least number of its columns: NV came with 4.9, SP with 5.5, and CC and HP from 5.10 on."""

KERNEL_TYPES: dict[str, int] = {
    "Reserved": 0,
    "Loader Code": 1,
    "Loader Data": 2,
    "Boot Code": 3,
    "Boot Data": 4,
    "Runtime Code": 5,
    "Runtime Data": 6,
    "Conventional Memory": 7,
    "Conventional": 7,
    "Unusable Memory": 8,
    "Unusable": 8,
    "ACPI Reclaim Memory": 9,
    "ACPI Reclaim": 9,
    "ACPI Memory NVS": 10,
    "ACPI Mem NVS": 10,
    "Memory Mapped I/O": 11,
    "MMIO": 11,
    "MMIO Port Space": 12,
    "MMIO Port": 12,
    "PAL Code": 13,
    "Persistent Memory": 14,
    "Persistent": 14,
    "Unaccepted": 15,
}
"""``memory_type_name[]`` of drivers/firmware/efi/efi.c, before and after the names were shortened."""

KERNEL_FLAGS: dict[str, int] = SHORT_ATTRIBUTES | {
    "RUN": RUNTIME,
    "HP": 0x100000,
    "MR": 0x10000,
    "CC": 0x80000,
}
"""The flag columns of ``efi_md_typeattr_format()``."""

TYPE_PIECE = Piece(r"([^|\[\]]{1,40})", "the name of a memory type", r"[^|\[\]]*")
FLAGS_PIECE = Piece(r"([^\[\]]{0,200})", "attribute columns", r"[^\[\]]*")

_UNITS = {"KB": 10, "MB": 20, "GB": 30, "TB": 40}
_NUMBER = (word("mem"), decimal(2), word(": "))
_RANGE = (word("range=[0x"), hexadecimal(16), word("-0x"), hexadecimal(16), Piece(r"([\])])", "`)` or `]`"))
_SIZE = (word(" ("), Piece(" *", "a blank"), decimal(), Piece("([KMGT]B)", "`MB`", "[KMGT]?"), word(")"))
_FLAGS = Grammar(*_NUMBER, word("["), TYPE_PIECE, word("|"), FLAGS_PIECE, word("] "), *_RANGE, *_SIZE)
_TYPE = Grammar(
    *_NUMBER,
    word("type="),
    Piece(" *", "a blank"),
    decimal(),
    word(", attr=0x"),
    hexadecimal(1),
    word(", "),
    *_RANGE,
    *_SIZE,
)

_HEAD = re.compile(r"(?:efi|EFI):\s+(?=mem[0-9])")
_BARE = re.compile(r"(?<![\w.])mem[0-9]+: *(?:type=|\[)")
_STUB = re.compile(r"(?:efi|EFI):\s+(m(?:em?)?)$|^[^a-zA-Z]*(mem[0-9]+:?)$|^\[[ 0-9.]*$")
_DROPPED = re.compile(r"mem[0-9]+: .{1,200}range=\[0x[0-9a-f]+-0x[0-9a-f]+[\])] *\(invalid\)")
_WORD = re.compile(r"(?:(?:efi|EFI):\s+)?")


def find(text: str) -> int:
    """Find where a ``memNN`` row begins; ``(invalid)`` rows are those that ``efi_clean_memmap()`` (4.10) took off the
    map."""
    if "mem" not in text or "(inv" in text:
        return -1
    head = _HEAD.search(text)
    if head is not None:
        return head.end()
    bare = _BARE.search(text)
    return bare.start() if bare else -1


def find_damaged(text: str) -> int:
    """Find where a row begins that has lost its head but not its body."""
    body = text.find("range=[0x")
    if body < 0 or "(inv" in text or ("|" not in text[:body] and "attr=0x" not in text):
        return -1
    start = body_start(text)
    match = _WORD.match(text, start)
    return match.end() if match else start


def convert(match: re.Match[str]) -> ParsedRow | Fault:
    """The row of a match of either grammar."""
    index, kind, flags, start, _, bracket, size, unit = match.groups()
    closed = bracket == "]"
    pages = pages_between(match, 4, closed=closed)
    if isinstance(pages, Fault):
        return pages
    shift = _UNITS[unit]
    if (pages << 12) >> shift != int(size):
        if pages == 0 and int(size) == (U64_MAX + 1) >> shift:
            pages = (U64_MAX + 1) >> 12
        else:
            message = f"the row says {size}{unit}, its range has {(pages << 12) >> shift}{unit}"
            return from_match(MapCode.SIZE_DISAGREES, match, 7, message)
    if match.re is _TYPE.strict:
        number = int(kind)
        if number > U32_MAX:
            return from_match(MapCode.OUT_OF_RANGE, match, 2, f"a memory type is at most {U32_MAX:#x}")
        descriptor = Descriptor(number, int(start, 16), pages, int(flags, 16))
        return ParsedRow(descriptor, _LINUX_X86_TYPE, int(index), closed)
    known = type_and_attribute(match, 2)
    if isinstance(known, Fault):
        return known
    form = _closed(flags.count("|") + 1) if closed else _LINUX_X86_FLAGS_HALFOPEN
    return ParsedRow(Descriptor(known[0], int(start, 16), pages, known[1]), form, int(index), closed)


@lru_cache
def _closed(columns: int) -> Format:
    """The form of a row with so many columns; where the whole word stands in their place nothing is known."""
    return next((form for least, form in reversed(_CLOSED_BY_COLUMNS) if columns >= least), _LINUX_X86_FLAGS_CLOSED)


def type_and_attribute(match: re.Match[str], group: int) -> tuple[int, int] | Fault:
    """The type that is printed in ``group``, and the attribute word of the flags in the next one."""
    usual = _usual(match[group], match[group + 1])
    if usual is not None:
        return usual
    type_ = kernel_type(match, group)
    attribute = kernel_flags(match, group + 1)
    if isinstance(type_, Fault):
        return type_
    return attribute if isinstance(attribute, Fault) else (type_, attribute)


def kernel_type(match: re.Match[str], group: int) -> int | Fault:
    """The type that a kernel prints in ``group``; types it has no name for are ``type=%u``."""
    name = match[group].strip()
    number = KERNEL_TYPES.get(name)
    if number is not None:
        return number
    if name.startswith("type=") and name[5:].isascii() and name[5:].isdecimal():
        if int(name[5:]) > U32_MAX:
            return from_match(MapCode.OUT_OF_RANGE, match, group, f"a memory type is at most {U32_MAX:#x}")
        return int(name[5:])
    return unknown_type(match, group, KERNEL_TYPES)


_ATTR = re.compile(r"attr=0x([0-9a-fA-F]{16})")


def kernel_flags(match: re.Match[str], group: int) -> int | Fault:
    """The attribute word of flag columns, or of ``attr=0x...`` which replaces them where a bit has no column."""
    if "attr" in match[group]:
        whole = _ATTR.fullmatch(match[group].strip())
        if whole is None:
            return from_match(MapCode.MALFORMED, match, group, "expected `attr=0x` and 16 hexadecimal digits here")
        return int(whole[1], 16)
    return attribute_words(match, group, KERNEL_FLAGS, "|")


@lru_cache(maxsize=256)
def _usual(kind: str, flags: str) -> tuple[int, int] | None:
    """The type and the attribute word of a name and flag columns, of which a map has a handful of pairs; ``None`` where
    they have another form, or something is wrong with them."""
    bits = [KERNEL_FLAGS.get(name, 0) for name in flags.replace("|", " ").split()]
    type_ = KERNEL_TYPES.get(kind.strip())
    return (type_, sum(bits)) if type_ is not None and all(bits) and len(set(bits)) == len(bits) else None


LINUX_X86 = LineFormat((_FLAGS, _TYPE), find, convert, _STUB, damaged=find_damaged, dropped=_DROPPED)


_COLUMNS = ("RUN", "HP", "MR", "CC", "SP", "NV", "XP", "RP", "WP", "RO", "UCE", "WB", "WT", "WC", "UC")
"""The columns of ``efi_md_typeattr_format()`` in Linux 5.10 and later, in their order."""

_SHORT_NAMES = {number: name for name, number in KERNEL_TYPES.items()}
"""The names of types since they were shortened: the second of each in the table of both."""


def write_kernel_log(memory_map: MemoryMap) -> str:
    """The map as a kernel from 5.10 on prints it with ``efi=debug``."""
    return "".join(
        f"[    0.000000] efi: mem{number:02d}: {_written(each)}\n" for number, each in enumerate(memory_map.descriptors)
    )


def _written(entry: Descriptor) -> str:
    name = _SHORT_NAMES.get(entry.type)
    kind = f"type={entry.type}" if name is None else f"{name:12}"
    flags = "|".join(f"{flag if entry.attribute & KERNEL_FLAGS[flag] else '':>{len(flag)}}" for flag in _COLUMNS)
    if entry.attribute & ~sum(KERNEL_FLAGS[flag] for flag in _COLUMNS):
        flags = f"attr=0x{entry.attribute:016x}"
    last = (entry.phys_addr + (entry.num_pages << 12) - 1) & U64_MAX
    return f"[{kind}|{flags}] range=[0x{entry.phys_addr:016x}-0x{last:016x}] ({entry.num_pages >> 8}MB)"
