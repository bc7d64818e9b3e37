"""The ``Debug`` output of a descriptor of Rust's uefi crate, on one line or, with ``{:#?}``, on several:

    MemoryDescriptor { ty: NAME, phys_start: S, virt_start: V, page_count: P, att: NAME | NAME }

Rules: ``MemoryDescriptor``, ``MemoryType`` and ``MemoryAttribute`` in ``uefi-raw/src/table/boot.rs``. Numbers are
decimal, or hexadecimal with ``0x`` (``{:#x?}``). Old versions print a field ``padding``; from bitflags 2 on the
attributes stand in ``MemoryAttribute(...)``. Bits without a name follow as a number, and types without one are
``MemoryType(N)``.
"""

from __future__ import annotations

import re

from checker.base.codes import MapCode
from checker.memmap.descriptor import ATTRIBUTES, U32_MAX, U64_MAX, Descriptor, Format
from checker.memmap.text.row_grammar import Fault, Grammar, LineFormat, ParsedRow, Piece, from_match, unknown_type

_FORMAT = Format("uefi-rs")

UEFI_RS_TYPES: dict[str, int] = {
    name: number
    for number, name in enumerate(
        (
            "RESERVED",
            "LOADER_CODE",
            "LOADER_DATA",
            "BOOT_SERVICES_CODE",
            "BOOT_SERVICES_DATA",
            "RUNTIME_SERVICES_CODE",
            "RUNTIME_SERVICES_DATA",
            "CONVENTIONAL",
            "UNUSABLE",
            "ACPI_RECLAIM",
            "ACPI_NON_VOLATILE",
            "MMIO",
            "MMIO_PORT_SPACE",
            "PAL_CODE",
            "PERSISTENT_MEMORY",
            "UNACCEPTED",
        )
    )
}
UEFI_RS_ATTRIBUTES: dict[str, int] = {
    "UNCACHEABLE": ATTRIBUTES["UC"],
    "WRITE_COMBINE": ATTRIBUTES["WC"],
    "WRITE_THROUGH": ATTRIBUTES["WT"],
    "WRITE_BACK": ATTRIBUTES["WB"],
    "UNCACHABLE_EXPORTED": ATTRIBUTES["UCE"],
    "UNCACHEABLE_EXPORTED": ATTRIBUTES["UCE"],
    "WRITE_PROTECT": ATTRIBUTES["WP"],
    "READ_PROTECT": ATTRIBUTES["RP"],
    "EXECUTE_PROTECT": ATTRIBUTES["XP"],
    "NON_VOLATILE": ATTRIBUTES["NV"],
    "MORE_RELIABLE": ATTRIBUTES["MORE_RELIABLE"],
    "READ_ONLY": ATTRIBUTES["RO"],
    "SPECIAL_PURPOSE": ATTRIBUTES["SP"],
    "CPU_CRYPTO": ATTRIBUTES["CPU_CRYPTO"],
    "HOT_PLUGGABLE": ATTRIBUTES["HOT_PLUGGABLE"],
    "RUNTIME": ATTRIBUTES["RUNTIME"],
    "ISA_VALID": 1 << 62,
    "ISA_MASK": 0x0FFFF00000000000,
}


def _named(name: str) -> Piece:
    return Piece(rf"\s*,\s*{name}: *", f"`{name}:`", rf"\s*,?\s*(?:{name[:3]}\w*)?")


_NUMBER = Piece("(0x[0-9a-fA-F]{1,16}|[0-9]{1,20})", "a number", "[0-9a-fA-FxX]*")
_ROW = Grammar(
    Piece(r"MemoryDescriptor *\{\s*ty: *", "`MemoryDescriptor { ty:`"),
    Piece(
        r"([A-Z_]{3,30}|\w{1,20}\(\s*(?:0x[0-9a-fA-F]{1,8}|[0-9]{1,10})\s*,?\s*\))", "the name of a memory type", r"\w*"
    ),
    Piece(r"(?:\s*,\s*(?:padding\w*|_pad\w*): *[0-9a-fx]+)?", "`padding`"),
    _named("phys_start"),
    _NUMBER,
    _named("virt_start"),
    _NUMBER,
    _named("page_count"),
    _NUMBER,
    _named("att"),
    Piece(r"(?:MemoryAttribute\(\s*)?", "`MemoryAttribute(`"),
    Piece(r"([0-9A-Za-z_| ]*|\(empty\))", "attribute names", "[A-Za-z_| ]*"),
    Piece(r"\s*,?\s*\)?\s*,?\s*\}", "`}`", r"\s*,?\s*\)?\s*,?\s*"),
)


def find(text: str) -> int:
    """Find where a descriptor begins."""
    return text.find("MemoryDescriptor {") if "{" in text else -1


def convert(match: re.Match[str]) -> ParsedRow | Fault:
    """The row of a match."""
    type_ = UEFI_RS_TYPES.get(match[1])
    if type_ is None:
        number = re.search(r"\(\s*(\w+)", match[1])
        if number is None:
            return unknown_type(match, 1, UEFI_RS_TYPES)
        type_ = int(number[1], 0)
        if type_ > U32_MAX:
            return from_match(MapCode.OUT_OF_RANGE, match, 1, f"a memory type is at most {U32_MAX:#x}")
    numbers = [int(match[group], 0) for group in (2, 3, 4)]
    for group, number_ in enumerate(numbers, 2):
        if number_ > U64_MAX:
            return from_match(MapCode.OUT_OF_RANGE, match, group, f"a number here is at most {U64_MAX:#x}")
    attribute = _attribute(match)
    if isinstance(attribute, Fault):
        return attribute
    return ParsedRow(Descriptor(type_, numbers[0], numbers[2], attribute, numbers[1]), _FORMAT)


def _attribute(match: re.Match[str]) -> int | Fault:
    value = 0
    for part in match[5].replace("(empty)", "").split("|"):
        name = part.strip()
        if name:
            bit = UEFI_RS_ATTRIBUTES.get(name)
            if bit is None and re.fullmatch("0x[0-9a-fA-F]{1,16}", name):
                bit = int(name, 16)
            if bit is None:
                known = "the names are " + ", ".join(UEFI_RS_ATTRIBUTES)
                start = match.string.find(name, match.start(5))
                message = f"`{name[:40]}` is not an attribute"
                return Fault(MapCode.UNKNOWN_ATTRIBUTE, start, start + len(name), message, known)
            value |= bit
    return value


UEFI_RS = LineFormat((_ROW,), find, convert, lines=12)
