"""The map that the UEFI shell's ``memmap`` prints, and its ``-sfo`` form.

Rules: ``ShellCommandRunMemMap()`` in edk2, ``ShellPkg/Library/UefiShellDebug1CommandsLib/MemMap.c``. All numbers of
a row are
hexadecimal, the page count too; the end is the last address. EFI 1.10 shells spell the names in other ways. Types
that the shell has no name for
are 8 hexadecimal digits. The summary below the list counts the pages of each type.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from checker.base.codes import MapCode
from checker.memmap.descriptor import PAGE_SIZE, U32_MAX, U64_MAX, Descriptor, Format, MemoryMap
from checker.memmap.text.lines import body_start
from checker.memmap.text.row_grammar import (
    BLANKS,
    RANGE,
    Fault,
    Grammar,
    LineFormat,
    ParsedRow,
    Piece,
    from_match,
    hexadecimal,
    pages_between,
    same_pages,
    table,
    table_stub,
    unknown_type,
    word,
)

_UEFI_SHELL = Format("uefi-shell")
_UEFI_SHELL_SFO = Format("uefi-shell-sfo")

_NAMES = (
    ("Reserved",),
    ("LoaderCode", "LDR_code"),
    ("LoaderData", "LDR_data"),
    ("BS_Code",),
    ("BS_Data",),
    ("RT_Code",),
    ("RT_Data",),
    ("Available",),
    ("Unusable",),
    ("ACPI_Recl",),
    ("ACPI_NVS",),
    ("MMIO", "MemMapIO"),
    ("MMIO_Port", "MemPortIO"),
    ("PalCode", "PAL_code"),
    ("Persistent",),
    ("Unaccepted",),
)
SHELL_TYPES: dict[str, int] = {name.lower(): number for number, names in enumerate(_NAMES) for name in names}
"""Type names of the shells, in lower case: old and new ones differ in case only, save a few."""

SFO_TYPES: dict[str, int] = {
    name: number
    for number, name in enumerate(
        (
            "Reserved",
            "LoaderCode",
            "LoaderData",
            "BootServiceCode",
            "BootServiceData",
            "RuntimeCode",
            "RuntimeData",
            "Available",
            "UnusableMemory",
            "ACPIReclaimMemory",
            "ACPIMemoryNVS",
            "MemoryMappedIO",
            "MemoryMappedIOPortSpace",
            "PalCode",
            "Persistent",
            "Unaccepted",
        )
    )
}

_ANY = "|".join(sorted({re.escape(n) for names in _NAMES for n in names}, key=len, reverse=True))
_CASELESS = f"(?!RESERVED|UNUSABLE|PERSISTENT|UNACCEPTED)(?i:{_ANY})"
_NAME = Piece(r"([A-Za-z][A-Za-z_]{2,15}|[0-9a-fA-F]{8})", "the name of a memory type", r"\w*")
_ROW = Grammar(
    _NAME, BLANKS, hexadecimal(16), word("-"), hexadecimal(16), BLANKS, hexadecimal(16), BLANKS, hexadecimal(16)
)
_RANGE_BEGUN = r"(?:[0-9A-Fa-f]{8}[^ ]|0[0-9A-Fa-f]{3}(?![0-9A-Fa-f]*[ .,])|[^ ]{16}-[^ ]{16} )"
_HEAD = re.compile(
    rf"(?<![\w-])(?:{_CASELESS} +{_RANGE_BEGUN}|[0-9a-f]{{8}} +(?:[0-9A-F]{{12}}|[^ ]{{16}}-[^ ]{{16}} ))"
)
_STUB = table_stub([name for names in _NAMES for name in names])
_BODY = re.compile(r"\S{1,16} +[0-9A-F]{16}-[0-9A-F]{16} +[0-9A-F]{16} ")
_HEADER = re.compile(r"Type +Start +End +# ?[Pp]ages")
_FOOTER = re.compile(r"^\s*([A-Za-z][A-Za-z_]{2,15}) *: +([0-9,]{1,27}) [Pp]ages \(([0-9,]{1,35}) [Bb]ytes\)")


find = table(_HEAD, RANGE)


def find_damaged(text: str) -> int:
    """Find where a row begins whose name is not one of the shell's."""
    start = body_start(text)
    return start if _BODY.match(text, start) else -1


def convert(match: re.Match[str]) -> ParsedRow | Fault:
    """The row of a match."""
    name = match[1]
    type_ = SHELL_TYPES.get(name.lower())
    if type_ is None:
        if len(name) != 8 or not set(name) <= set("0123456789abcdef"):
            return unknown_type(match, 1, SHELL_TYPES)
        type_ = int(name, 16)
    pages = pages_between(match, 2, closed=True)
    if isinstance(pages, Fault):
        return pages
    fault = same_pages(match, 4, int(match[4], 16), pages)
    return fault or ParsedRow(Descriptor(type_, int(match[2], 16), pages, int(match[5], 16)), _UEFI_SHELL)


def check_footer(rows: Sequence[Descriptor], match: re.Match[str]) -> Fault | None:
    """Tell whether a line of the summary agrees with the rows above it."""
    type_ = SHELL_TYPES.get(match[1].lower())
    if type_ is None:
        return None
    printed = int(match[2].replace(",", "") or "0")
    pages = sum(row.num_pages for row in rows if row.type == type_)
    if printed != pages:
        message = f"the summary counts {printed} pages of `{match[1]}`, the list above has {pages}"
        return from_match(MapCode.SUMMARY_DISAGREES, match, 2, message)
    if int(match[3].replace(",", "") or "0") != pages * PAGE_SIZE:
        message = f"{pages} pages are {pages * PAGE_SIZE} bytes"
        return from_match(MapCode.SUMMARY_DISAGREES, match, 3, message)
    return None


_SFO_ROW = Grammar(
    word('MemoryMap,"'),
    Piece("([A-Za-z]{3,30})", "the name of a memory type", "[A-Za-z]*"),
    word('","'),
    hexadecimal(1),
    word('","'),
    hexadecimal(1),
    word('","'),
    hexadecimal(1),
    word('","'),
    hexadecimal(1),
    word('"'),
)


def _find_sfo(text: str) -> int:
    return text.find('MemoryMap,"')


def _convert_sfo(match: re.Match[str]) -> ParsedRow | Fault:
    type_ = SFO_TYPES.get(match[1])
    if type_ is None or type_ > U32_MAX:
        return unknown_type(match, 1, SFO_TYPES)
    pages = pages_between(match, 2, closed=True)
    if isinstance(pages, Fault):
        return pages
    fault = same_pages(match, 4, int(match[4], 16), pages)
    return fault or ParsedRow(Descriptor(type_, int(match[2], 16), pages, int(match[5], 16)), _UEFI_SHELL_SFO)


UEFI_SHELL = LineFormat((_ROW,), find, convert, _STUB, _HEADER, _FOOTER, check_footer, find_damaged)
UEFI_SHELL_SFO = LineFormat((_SFO_ROW,), _find_sfo, _convert_sfo, header=re.compile(r"ShellCommand,"))


def write_shell(memory_map: MemoryMap) -> str:
    """The map as the shell's ``memmap`` lists it, without the summary."""
    heading = "Type       Start            End              # Pages          Attributes\n"
    return heading + "".join(map(_written, memory_map.descriptors))


def _written(entry: Descriptor) -> str:
    name = _NAMES[entry.type][0] if entry.type < len(_NAMES) else f"{entry.type:08x}"
    last = (entry.phys_addr + entry.num_pages * PAGE_SIZE - 1) & U64_MAX
    return f"{name:10} {entry.phys_addr:016X}-{last:016X} {entry.num_pages:016X} {entry.attribute:016X}\n"
