"""The entries among each other: memory described twice, and entries that do not rise."""

from __future__ import annotations

from collections.abc import Iterator

from checker.base.codes import FindingCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.handover.checks.map import severity_of
from checker.handover.findings import described, entries, examples
from checker.inspect.checked_map import CheckedMap, end
from checker.inspect.findings import found
from checker.memmap import Descriptor

_SHOWN = 3


def check_order(checked: CheckedMap) -> Iterator[Diagnostic]:
    """Find entries that overlap, and entries out of order."""
    yield from _overlaps(checked)
    yield from _unsorted(checked)


def _overlaps(checked: CheckedMap) -> Iterator[Diagnostic]:
    """UEFI 2.10, section 7.2.3: each entry describes memory of its own. No kernel looks."""
    pairs: list[tuple[Descriptor, Descriptor]] = []
    furthest: Descriptor | None = None
    for region in checked.by_address:
        if furthest is not None and region.phys_addr < end(furthest):
            pairs.append((furthest, region))
        if furthest is None or end(region) > end(furthest):
            furthest = region
    if not pairs:
        return
    shown = "; ".join(f"{described(one)} and {described(other)}" for one, other in pairs[:_SHOWN])
    more = f"; and {len(pairs) - _SHOWN} more pairs" if len(pairs) > _SHOWN else ""
    regions = list({id(each): each for pair in pairs for each in pair}.values())
    help = "update the firmware; a copy of a list that was pasted together from two boots shows this as well"
    message = f"entries describe the same memory: {shown}{more}"
    yield found(severity_of(regions), FindingCode.OVERLAP, message, regions, help=help)


def _unsorted(checked: CheckedMap) -> Iterator[Diagnostic]:
    """No rule of UEFI: much firmware for PCs lists reserved memory and MMIO last. A kernel's own list may have any
    order, and Linux has it backwards since 4.3."""
    if checked.kernels_own:
        return
    late: list[Descriptor] = []
    reached = 0
    for region in checked.regions:
        if not region.num_pages:
            continue
        if region.phys_addr < reached:
            late.append(region)
        reached = max(reached, region.phys_addr)
    if late:
        message = f"{entries(len(late))} behind higher addresses: {examples(late)}"
        help = "nothing needs to be done; kernels map in the order of the list, so addresses do not rise with it"
        yield found(Severity.NOTE, FindingCode.UNSORTED, message, late, help=help)
