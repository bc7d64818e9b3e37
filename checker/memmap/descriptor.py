"""A memory map as a value: descriptors as the firmware hands them over (UEFI 2.10, section 7.2.3, GetMemoryMap)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from checker.base.diagnostic import Diagnostic
from checker.base.values import frozen
from checker.memmap.reservations import NO_SURROUNDINGS, Surroundings
from checker.memmap.signs import NO_SIGNS, Signs

PAGE_SIZE = 4096
"""Bytes of an EFI page, on every architecture (UEFI 2.10, section 7.2)."""

U32_MAX = (1 << 32) - 1
U64_MAX = (1 << 64) - 1

RUNTIME = 1 << 63
"""EFI_MEMORY_RUNTIME: the region needs a virtual address after SetVirtualAddressMap()."""

ATTRIBUTES: dict[str, int] = {
    "UC": 0x1,
    "WC": 0x2,
    "WT": 0x4,
    "WB": 0x8,
    "UCE": 0x10,
    "WP": 0x1000,
    "RP": 0x2000,
    "XP": 0x4000,
    "NV": 0x8000,
    "MORE_RELIABLE": 0x10000,
    "RO": 0x20000,
    "SP": 0x40000,
    "CPU_CRYPTO": 0x80000,
    "HOT_PLUGGABLE": 0x100000,
    "RUNTIME": RUNTIME,
}
"""Attribute bits by the names of UEFI 2.10, section 7.2.3, without their ``EFI_MEMORY_``."""

TYPES: dict[str, int] = {
    name: number
    for number, name in enumerate(
        (
            "ReservedMemoryType",
            "LoaderCode",
            "LoaderData",
            "BootServicesCode",
            "BootServicesData",
            "RuntimeServicesCode",
            "RuntimeServicesData",
            "ConventionalMemory",
            "UnusableMemory",
            "ACPIReclaimMemory",
            "ACPIMemoryNVS",
            "MemoryMappedIO",
            "MemoryMappedIOPortSpace",
            "PalCode",
            "PersistentMemory",
            "UnacceptedMemoryType",
        )
    )
}
"""Type numbers by the names of UEFI 2.10, table 7.6, without their ``Efi``."""


@frozen
class Format:
    """A format that real maps come in. The file that reads it says so; two of one name are the same.

    ``is_linux_log`` of what a Linux kernel prints: one boot prints one such format only. ``is_announced`` where a line
    above the list says how many entries it has. ``architectures`` are those on which it is printed, if not on all;
    ``kernels`` the first and the last version that does, or the first alone; distributions take over parts of later
    ones.
    """

    value: str
    is_linux_log: bool = field(default=False, compare=False)
    is_announced: bool = field(default=False, compare=False)
    architectures: tuple[str, ...] = field(default=(), compare=False)
    kernels: tuple[str, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return self.value


class Origin(StrEnum):
    """Whose list it is."""

    FIRMWARE = "firmware"
    KERNEL = "kernel"
    ATTRIBUTES_TABLE = "memory attributes table"
    RANGES = "ranges without attributes"

    @property
    def is_derived(self) -> bool:
        """True of a list that is no map: it says less than one, or something else."""
        return self in (Origin.ATTRIBUTES_TABLE, Origin.RANGES)


@dataclass(frozen=True, slots=True)
class Descriptor:
    """One entry of a map.

    ``type`` is the UEFI number (types of 16 and above are kept as they are), ``phys_addr`` and ``virt_addr`` are
    byte addresses, ``num_pages`` counts pages of 4 KiB, ``attribute`` is the 64-bit word. ``virt_addr`` is 0 where
    the source names none.
    """

    type: int
    phys_addr: int
    num_pages: int
    attribute: int
    virt_addr: int = 0


@frozen
class MemoryMap:
    """Descriptors in the order of their source, the format they came in, and the name of the source.

    ``origin`` is ``KERNEL`` where the list is what a kernel made of the firmware's map (a sysfs runtime map, or the
    second list of a kernel log). ``remarks`` are warnings about the input, which was read nevertheless;
    ``signs`` say of which machine and kernel it is, and ``told`` is what the boot tells of beside it.
    """

    descriptors: tuple[Descriptor, ...]
    format: Format
    source: str
    origin: Origin = Origin.FIRMWARE
    remarks: tuple[Diagnostic, ...] = field(default=(), compare=False, repr=False)
    signs: Signs = field(default=NO_SIGNS, compare=False, repr=False)
    told: Surroundings = field(default=NO_SURROUNDINGS, compare=False, repr=False)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Write the map as `repr` does, for IPython and Hypothesis: these would write out the whole file behind it."""
        printer.text("MemoryMap(...)" if cycle else repr(self))
