"""Regions for which Linux on x86-64 builds wrong page tables, and says nothing.

What kernel_map_pages_in_pgd() does with them was found by running it as it is in 5.10, 6.1, 6.12 and 7.3. All of these
kernels map each region at its physical address as well (efi_map_region()).
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.base.codes import FindingCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.handover.findings import entries, examples
from checker.inspect.checked_map import CheckedMap, Machine, end
from checker.inspect.findings import found
from checker.memmap import PAGE_SIZE, Descriptor

_TABLE = 512 << 30
"""Bytes that a table of the third level maps. Where they end, the kernel goes on at the beginning of the same table."""

_HALF = 1 << 47
"""The first address that tables of four levels cannot map at itself."""

_HUGE = 1 << 30
"""Bytes of a page that the processor may have, `pdpe1gb`."""


def check_page_tables(checked: CheckedMap) -> Iterator[Diagnostic]:
    """Find regions that page tables of Linux on x86-64 get wrong."""
    placement = checked.placement
    if placement is None or checked.machine is Machine.OTHER:
        return
    rows = [
        (region, address)
        for region, address, wanted in zip(checked.regions, placement.addresses, placement.wanted, strict=True)
        if wanted and region.num_pages
    ]
    mapped = [region for region, _ in rows]
    high = [each for each in mapped if end(each) > _HALF]
    if high:
        message = (
            f"{entries(len(high))} above 128 TiB, which page tables of four levels cannot map at its own address: "
        )
        help = "have the firmware place MMIO lower, or boot with five levels of page tables"
        yield found(Severity.WARNING, FindingCode.HIGH_ADDRESS, message + examples(high), high, help=help)
    across = [each for each in mapped if each.phys_addr // _TABLE != (end(each) - 1) // _TABLE and end(each) <= _HALF]
    if across:
        message = f"a multiple of 512 GiB lies inside {entries(len(across))}, and Linux mixes page tables up there: "
        help = "have the firmware divide the region there"
        yield found(Severity.WARNING, FindingCode.ACROSS_TABLES, message + examples(across), across, help=help)
    large = [each for each in mapped if end(each) - -(-each.phys_addr // _HUGE) * _HUGE > _HUGE]
    if large:
        message = f"more than 1 GiB, from a multiple of it on, is in {entries(len(large))}: on a processor without "
        message += f"`pdpe1gb`, Linux maps the last GiB only: {examples(large)}"
        help = "use a processor, or a virtual one, with pages of 1 GiB, or divide the region"
        yield found(Severity.WARNING, FindingCode.LARGE_RUN, message, large, help=help)
    shifted = [region for region, address in rows if address is not None and _is_shifted(region, address)]
    if shifted:
        message = f"{placement.model} has whole GiB of {entries(len(shifted))} at addresses where pages of 1 GiB map "
        message += f"other memory: {examples(shifted)}"
        help = "boot with `nogbpages`, or divide the region"
        yield found(Severity.WARNING, FindingCode.SHIFTED_GIB, message, shifted, help=help)


def _is_shifted(region: Descriptor, address: int) -> bool:
    """Tell whether a page of 1 GiB fits into a region as it is mapped, and would not map the region's memory."""
    first = -(-address // _HUGE) * _HUGE
    return first + _HUGE <= address + region.num_pages * PAGE_SIZE and (address - region.phys_addr) % _HUGE != 0
