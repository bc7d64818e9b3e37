"""What a check of a hand-over finds, as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from checker.base.codes import FindingCode
from checker.memmap.descriptor import PAGE_SIZE, TYPES, Descriptor


class Severity(StrEnum):
    """How bad a finding is: an ``ERROR`` keeps the new kernel from having the old one's map."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    """One thing found; ``regions`` are the entries that it is about, in the order of their map."""

    severity: Severity
    code: FindingCode
    message: str
    regions: tuple[Descriptor, ...] = ()


def entries(count: int) -> str:
    """A number of entries, in words."""
    return "1 entry" if count == 1 else f"{count} entries"


def described(region: Descriptor) -> str:
    """An entry as a message shows it."""
    place = f" at {region.virt_addr:#x}" if region.virt_addr else ""
    return f"{type_name(region.type)} {physical_range(region)}{place}"


def examples(regions: Sequence[Descriptor], most: int = 3) -> str:
    """The first few entries of several."""
    shown = "; ".join(described(region) for region in regions[:most])
    return shown if len(regions) <= most else f"{shown}; and {len(regions) - most} more"


def physical_range(region: Descriptor) -> str:
    """The first and the last physical address of an entry."""
    if not region.num_pages:
        return f"{region.phys_addr:#x} (empty)"
    return f"{region.phys_addr:#x}-{region.phys_addr + region.num_pages * PAGE_SIZE - 1:#x}"


def type_name(number: int) -> str:
    """The name of a memory type, or its number."""
    return _TYPE_NAMES.get(number, f"type {number:#x}")


_TYPE_NAMES = {number: name for name, number in TYPES.items()}
