"""Pages larger than 4 KiB in which regions meet that are to be mapped in different ways.

UEFI 2.10, section 2.3.6: on AArch64, where a page of 64 KiB holds runtime code or data, reserved memory or ACPI NVS,
all of it has the same attributes, since kernels with pages of 64 KiB can map it in one way only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from checker.base.codes import FindingCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.handover.findings import examples
from checker.inspect.checked_map import CheckedMap, Machine, end, is_runtime
from checker.inspect.findings import found
from checker.memmap import ATTRIBUTES, TYPES, Descriptor

_FRAME = 64 << 10
_LARGE_PAGE = 2 << 20

_CACHING = tuple(ATTRIBUTES[name] for name in ("WB", "WT", "WC", "UC", "UCE"))
"""The first of these that a region has is how it is mapped (UEFI 2.10, section 2.3.6 for AArch64; Linux likewise)."""

_PROTECTION = sum(ATTRIBUTES[name] for name in ("WP", "RP", "XP", "RO"))
_STRICT = frozenset(
    TYPES[name] for name in ("ReservedMemoryType", "RuntimeServicesCode", "RuntimeServicesData", "ACPIMemoryNVS")
)


def check_shared_pages(checked: CheckedMap) -> Iterator[Diagnostic]:
    """Find pages of 64 KiB, except on a PC, and of 2 MiB in which attributes differ."""
    if checked.machine is not Machine.PC:
        yield from _frames(checked)
    if checked.machine is not Machine.OTHER:
        yield from _large_pages(checked)


def _frames(checked: CheckedMap) -> Iterator[Diagnostic]:
    regions, count = _clashes(checked.by_address, _FRAME, lambda each: each.type in _STRICT)
    if regions:
        message = f"regions with different attributes share {_pages(count)} of 64 KiB: {examples(regions)}"
        help = "have the firmware align runtime regions to 64 KiB, or use a kernel with pages of 4 KiB"
        yield found(Severity.WARNING, FindingCode.SHARED_FRAME, message, regions, help=help)


def _large_pages(checked: CheckedMap) -> Iterator[Diagnostic]:
    mapped = [each for each in checked.by_address if is_runtime(each)]
    regions, count = _clashes(mapped, _LARGE_PAGE, lambda each: True)
    if regions:
        message = f"runtime regions to be cached in different ways share {_pages(count)} of 2 MiB: {examples(regions)}"
        help = "nothing, as long as the kernel maps them in pages of 4 KiB, as Linux does"
        yield found(Severity.NOTE, FindingCode.SHARED_LARGE_PAGE, message, regions, help=help)


def _clashes(
    by_address: Sequence[Descriptor], size: int, strict: Callable[[Descriptor], bool]
) -> tuple[list[Descriptor], int]:
    """The regions that meet in pages of ``size`` bytes where one is ``strict`` and they differ, and how many such pages
    there are. Regions meet in the first and the last page of each only: any other is all one region's."""
    clashing: dict[int, Descriptor] = {}
    count = 0
    group: list[Descriptor] = []
    page = -1

    def close() -> None:
        nonlocal count
        if len({_mapping(each) for each in group}) > 1 and any(map(strict, group)):
            count += 1
            clashing.update((id(each), each) for each in group)

    for region in by_address:
        first, last = region.phys_addr // size, (end(region) - 1) // size
        if first != page:
            close()
            group, page = [], first
        group.append(region)
        if last != page:
            close()
            group, page = [region], last
    close()
    return list(clashing.values()), count


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count} pages"


def _mapping(region: Descriptor) -> tuple[int, int]:
    """The attributes that decide how a region is mapped."""
    caching = next((bit for bit in _CACHING if region.attribute & bit), 0)
    return caching, region.attribute & _PROTECTION
