"""Prints maps as kernels print them, written from the kernels' format strings and not from the readers."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from checker.memmap import Descriptor

LONG = (
    "Reserved",
    "Loader Code",
    "Loader Data",
    "Boot Code",
    "Boot Data",
    "Runtime Code",
    "Runtime Data",
    "Conventional Memory",
    "Unusable Memory",
    "ACPI Reclaim Memory",
    "ACPI Memory NVS",
    "Memory Mapped I/O",
    "MMIO Port Space",
    "PAL Code",
    "Persistent Memory",
)
SHORT = (
    *LONG[:7],
    "Conventional",
    "Unusable",
    "ACPI Reclaim",
    "ACPI Mem NVS",
    "MMIO",
    "MMIO Port",
    "PAL Code",
    "Persistent",
    "Unaccepted",
)
BITS = {
    "RUN": 1 << 63,
    "HP": 0x100000,
    "MR": 0x10000,
    "CC": 0x80000,
    "SP": 0x40000,
    "NV": 0x8000,
    "XP": 0x4000,
    "RP": 0x2000,
    "WP": 0x1000,
    "RO": 0x20000,
    "UCE": 0x10,
    "WB": 0x8,
    "WT": 0x4,
    "WC": 0x2,
    "UC": 0x1,
}


class Generation(Enum):
    """A way of printing: its columns, its type names, whether it closes its ranges."""

    F1 = ("", (), False)
    F2 = ("RUN XP RP WP UCE WB WT WC UC", LONG, False)
    F3 = ("RUN MR XP RP WP RO UCE WB WT WC UC", LONG, False)
    F4 = ("RUN MR NV XP RP WP RO UCE WB WT WC UC", LONG, True)
    F5 = ("RUN HP MR CC SP NV XP RP WP RO UCE WB WT WC UC", SHORT, True)


def x86_line(index: int, entry: Descriptor, generation: Generation) -> str:
    """``efi_print_memmap()`` of x86."""
    columns, _, closed = generation.value
    end = (entry.phys_addr + (entry.num_pages << 12) - closed) % (1 << 64)
    size = entry.num_pages >> 8
    span = f"range=[0x{entry.phys_addr:016x}-0x{end:016x}{']' if closed else ')'} ({size}MB)"
    if not columns:
        return f"EFI: mem{index:02d}: type={entry.type}, attr=0x{entry.attribute:x}, {span}"
    return f"efi: mem{index:02d}: {typeattr(entry, generation)} {span}"


def typeattr(entry: Descriptor, generation: Generation) -> str:
    """``efi_md_typeattr_format()``."""
    columns, names, _ = generation.value
    width = 12 if names is SHORT else 19
    kind = f"type={entry.type}" if entry.type >= len(names) else f"{names[entry.type]:<{width}}"
    shown = columns.split()
    if entry.attribute & ~sum(BITS[name] for name in shown):
        return f"[{kind}|attr=0x{entry.attribute:016x}]"
    cells = [name if entry.attribute & BITS[name] else "" for name in shown]
    return f"[{kind}|" + "|".join(f"{c:>{len(n)}}" for c, n in zip(cells, shown, strict=True)) + "]"


def x86_log(entries: Iterable[Descriptor], generation: Generation, prefix: str = "[    0.000000] ") -> str:
    """The list of an x86 log."""
    return "".join(f"{prefix}{x86_line(i, each, generation)}\n" for i, each in enumerate(entries))


def generic_log(entries: Iterable[Descriptor], generation: Generation, mark: str = "") -> str:
    """``reserve_regions()`` of the generic EFI start-up code."""
    lines = []
    for each in entries:
        end = (each.phys_addr + (each.num_pages << 12) - 1) % (1 << 64)
        lines.append(f"efi:   0x{each.phys_addr:012x}-0x{end:012x} {typeattr(each, generation)}{mark}\n")
    return "".join(lines)
