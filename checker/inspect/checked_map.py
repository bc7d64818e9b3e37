"""A map as the checks look at it: its entries, in more than one order, and what is known beside them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from functools import cached_property

from checker.base.values import frozen
from checker.inspect.memory_attributes import AttributesTable
from checker.inspect.placement import Placement
from checker.memmap import PAGE_SIZE, RUNTIME, TYPES, Descriptor, MemoryMap, Origin
from checker.memmap.signs import FIRMWARE_MAP, possible

_RAM = frozenset(
    TYPES[name]
    for name in (
        *("LoaderCode", "LoaderData", "BootServicesCode", "BootServicesData", "ConventionalMemory"),
        *("RuntimeServicesCode", "RuntimeServicesData", "ACPIReclaimMemory", "ACPIMemoryNVS"),
    )
)
_CONVENTIONAL = TYPES["ConventionalMemory"]
RUNTIME_TYPES = frozenset((TYPES["RuntimeServicesCode"], TYPES["RuntimeServicesData"]))
KERNELS_TO_USE = frozenset((TYPES["LoaderCode"], TYPES["LoaderData"], _CONVENTIONAL))
"""Memory that a kernel may make RAM of, beside boot services that have ended (UEFI 2.10, table 7.6)."""
BOOT_SERVICES = frozenset((TYPES["BootServicesCode"], TYPES["BootServicesData"]))

_SCREEN = (0xA0000, 0xC0000)
"""Addresses of a PC's screen since the first one: memory lies below them, and none in them."""


_MIB = 1 << 20
_PCS = ("x86_64", "i386")
_WIDE = "64-bit firmware"


class Machine(Enum):
    """Kinds of machines that a map can be from, going by what it holds."""

    PC = auto()
    """It has the hole that a PC has for its screen."""
    OTHER = auto()
    """It has memory in that hole, or lists the memory that is free and has none in the first MiB, nor from there on."""
    UNKNOWN = auto()
    """It lists too little to tell, as a kernel's own list does."""


def end(region: Descriptor) -> int:
    """The first physical address behind a region."""
    return region.phys_addr + region.num_pages * PAGE_SIZE


def is_runtime(region: Descriptor) -> bool:
    """Tell whether firmware runs from the region, or on it, while the kernel does."""
    return bool(region.attribute & RUNTIME)


@frozen
class CheckedMap:
    """A map to be checked, the firmware's table of permissions if that is known, and where a model places the regions
    if one is for this machine."""

    map: MemoryMap
    permissions: AttributesTable | None = None
    placement: Placement | None = None

    @property
    def regions(self) -> Sequence[Descriptor]:
        """The entries in the order of the map."""
        return self.map.descriptors

    @cached_property
    def by_address(self) -> tuple[Descriptor, ...]:
        """The entries that have pages, by their physical addresses."""
        return tuple(
            sorted((each for each in self.regions if each.num_pages), key=lambda each: (each.phys_addr, end(each)))
        )

    @cached_property
    def runtime(self) -> tuple[Descriptor, ...]:
        """The runtime regions, in the order of the map."""
        return tuple(filter(is_runtime, self.regions))

    @cached_property
    def addressed(self) -> bool:
        """Tell whether the map has virtual addresses of a kernel's, not only physical ones once more."""
        return any(each.virt_addr not in (0, each.phys_addr) for each in self.regions)

    @property
    def kernels_own(self) -> bool:
        """Tell whether the list is what a kernel made of the firmware's map, by the signs of it."""
        by_signs = not possible(self.map.signs.list, (FIRMWARE_MAP,))
        return by_signs or self.map.origin is Origin.KERNEL or self.addressed

    @cached_property
    def machine(self) -> Machine:
        """The kind of machine that the map is from: as its signs say, or else its regions."""
        architecture = self.map.signs.architecture
        return machine_of(self.regions) if possible(architecture, _PCS) else Machine.OTHER

    @property
    def has_window(self) -> bool:
        """Tell whether Linux may map the regions into the window of EFI: a kernel of 64 bits on x86, and firmware of as
        many. It maps firmware of 32 bits where it is (efi_map_region(), `efi_is_mixed()`)."""
        signs = self.map.signs
        return (
            self.machine is not Machine.OTHER
            and possible(signs.architecture, ("x86_64",))
            and possible(signs.firmware, (_WIDE,))
        )


def machine_of(regions: Sequence[Descriptor]) -> Machine:
    """Tell what kind of machine a map is from."""
    start, stop = _SCREEN
    ram = [each for each in regions if each.type in _RAM and each.num_pages]
    if any(each.phys_addr < stop and end(each) > start for each in ram):
        return Machine.OTHER
    if any(each.phys_addr < start for each in ram) and any(end(each) > stop for each in ram):
        return Machine.PC
    free = any(each.type == _CONVENTIONAL for each in ram)
    return Machine.OTHER if free and min(each.phys_addr for each in ram) > _MIB else Machine.UNKNOWN
