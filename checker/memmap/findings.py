"""What a check of a hand-over finds, as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from checker.memmap.codes import Explained
from checker.memmap.descriptor import PAGE_SIZE, TYPES, Descriptor


class Severity(StrEnum):
    """How bad a finding is: an ``ERROR`` keeps the new kernel from having the old one's map."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


class FindingCode(Explained):
    """One kind of finding: M30x to M32x about what was handed over, M33x about a map, M34x about the new kernel."""

    EFI_ABSENT = "M301", "efi_info is all zero: the new kernel runs as if there were no EFI"
    SIZES = "M302", "memmap_size and memdesc_size do not describe an array of descriptors"
    STRIDE_UNUSUAL = "M303", "the descriptor size is neither 40 nor 48"
    VERSION = "M304", "the descriptor version is not 1"
    NO_POINTER = "M305", "efi_info holds no address where one has to be"
    COUNT_DIFFERS = "M306", "the map handed over has other entries in number than the one exported"
    STRIDE_CHANGED = "M307", "the descriptor size is not the one that the old kernel had"
    SYSTEM_TABLE_CHANGED = "M308", "the system table is not the one that the old kernel had"
    FIRMWARE_32_BIT = "M309", "the firmware has 32 bits"
    NO_SETUP_EFI = "M310", "there is no SETUP_EFI entry"
    SETUP_EFI_REPEATED = "M311", "there are several SETUP_EFI entries"
    SETUP_EFI_SIZE = "M312", "the SETUP_EFI entry does not carry 96 bytes"
    LAYOUT_SKEW = "M313", "the SETUP_EFI entry is laid out as in 5.7-rc1, without the member `runtime`"
    RUNTIME_ZERO = "M314", "the address of the runtime services is not handed over"
    SMBIOS_ZERO = "M315", "the address of the SMBIOS table handed over is 0"
    SMBIOS_INVALID = "M316", "the address of the SMBIOS table handed over says that there is none"
    TABLES_ZERO = "M317", "the address of the configuration tables, or of the vendor's name, is 0"
    POINTER_DIFFERS = "M318", "an address handed over is not the one that the old kernel shows"
    RESERVED_USED = "M319", "reserved words of the SETUP_EFI entry are not zero"
    ARRAY_SIZE = "M320", "the array of descriptors is not as long as efi_info says, or not an array"
    ARRAY_DIFFERS = "M321", "the array of descriptors is not the map that the old kernel exported"
    ARRAY_PADDING = "M322", "bytes of the array that mean nothing are not zero"
    NOT_GIVEN = "M329", "a part of the hand-over was not given"
    ZERO_DESCRIPTOR = "M330", "entries are zero throughout"
    EMPTY_REGION = "M331", "entries have no pages"
    NO_ADDRESS = "M332", "entries have no virtual address"
    SHARED_ADDRESS = "M333", "two physical ranges claim one virtual address"
    IMPOSSIBLE_RANGE = "M334", "ranges reach past the end of the address space"
    MISALIGNED = "M335", "addresses are not those of pages"
    NOTHING_EXPORTED = "M336", "the old kernel exports no region"
    BOOT_SERVICES_PASSED = "M337", "boot-services regions are among those handed over"
    ADDRESSES_UNKNOWN = "M338", "a map comes from a kernel log, which names no virtual addresses"
    NO_RUNTIME_MAP = "M340", "the new kernel has no runtime map"
    MISSING = "M341", "regions are not in the new kernel's map"
    MOVED = "M342", "regions are at another address in the new kernel"
    EXTRA = "M343", "the new kernel maps what the old one did not"
    DIVIDED = "M344", "entries are divided in another way, each page at its address"
    ORDER_CHANGED = "M345", "the entries are in another order"
    ATTRIBUTES_GREW = "M346", "entries have more attributes than before"
    ATTRIBUTES_LOST = "M347", "entries have lost attributes"
    RETYPED = "M348", "entries are of another type than before"
    RUNTIME_POINTER = "M349", "the new kernel looks for the runtime services where the old one did not have them"


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
