"""Findings of a check of a hand-over, and the words that they have in common."""

from __future__ import annotations

from collections.abc import Sequence

from checker.base.codes import FindingCode
from checker.base.diagnostic import Diagnostic, Region, Severity
from checker.memmap.descriptor import PAGE_SIZE, TYPES, Descriptor


def finding(severity: Severity, code: FindingCode, message: str, regions: tuple[Descriptor, ...] = ()) -> Diagnostic:
    """One thing found: an error keeps the new kernel from having the old one's map."""
    return Diagnostic(code, message, severity=severity, regions=regions)


def entries(count: int) -> str:
    """A number of entries, in words."""
    return "1 entry" if count == 1 else f"{count} entries"


def described(region: Region) -> str:
    """An entry as a message shows it."""
    place = f" at {region.virt_addr:#x}" if region.virt_addr else ""
    return f"{type_name(region.type)} {physical_range(region)}{place}"


def examples(regions: Sequence[Descriptor], most: int = 3) -> str:
    """The first few entries of several."""
    shown = "; ".join(described(region) for region in regions[:most])
    return shown if len(regions) <= most else f"{shown}; and {len(regions) - most} more"


def physical_range(region: Region) -> str:
    """The first and the last physical address of an entry."""
    if not region.num_pages:
        return f"{region.phys_addr:#x} (empty)"
    return f"{region.phys_addr:#x}-{region.phys_addr + region.num_pages * PAGE_SIZE - 1:#x}"


def type_name(number: int) -> str:
    """The name of a memory type, or its number."""
    return _TYPE_NAMES.get(number, f"type {number:#x}")


_TYPE_NAMES = {number: name for name, number in TYPES.items()}
