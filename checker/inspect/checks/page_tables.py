"""Regions for which Linux on x86-64 builds wrong page tables, and says nothing.

Which regions come out right is said in `spec/page_walk.layout`, in the assumptions under which the model
`pages-mapped-right` is proved; here it is asked which region of a map keeps which of them. All kernels from 5.10 to 7.3
map each region at its physical address as well (efi_map_region()).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from checker import program as p
from checker.base.codes import FindingCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.handover.findings import entries, examples
from checker.inspect.checked_map import CheckedMap, Machine
from checker.inspect.findings import found
from checker.interpret import World, violations
from checker.language import load_text
from checker.library import search_path
from checker.memmap import PAGE_SIZE, Descriptor

_QUESTION = b"""
use uefi, x86_64, page_tables, page_walk
scenario regions {
    given map: MappedMap
    check in_lower_half(map), in_one_table(map), in_two_tables(map), gib_in_step(map)
}
"""

_GIB = 1 << 30
_NEVER_ASKED = 1 << 40
"""A region that ends below this, and lies within one GiB, keeps every rule: so most regions need not be asked."""

_Row = tuple[Descriptor, int]
"""A region, and an address at which it is mapped."""


def check_page_tables(checked: CheckedMap) -> Iterator[Diagnostic]:
    """Find regions that page tables of Linux on x86-64 get wrong."""
    placement = checked.placement
    if placement is None or checked.machine is Machine.OTHER:
        return
    mapped = [
        (region, address)
        for region, address, wanted in zip(checked.regions, placement.addresses, placement.wanted, strict=True)
        if wanted and region.num_pages
    ]
    own = [(region, region.phys_addr) for region, _ in mapped]
    placed = [(region, address) for region, address in mapped if address is not None]
    high = regions_that_break("in_lower_half", own)
    if high:
        message = (
            f"{entries(len(high))} above 128 TiB, which page tables of four levels cannot map at its own address: "
        )
        help = "have the firmware place MMIO lower, or boot with five levels of page tables"
        yield found(Severity.WARNING, FindingCode.HIGH_ADDRESS, message + examples(high), high, help=help)
    across = _without(regions_that_break("in_one_table", own), high)
    if across:
        message = f"a multiple of 512 GiB lies inside {entries(len(across))}, and Linux mixes page tables up there: "
        help = "have the firmware divide the region there"
        yield found(Severity.WARNING, FindingCode.ACROSS_TABLES, message + examples(across), across, help=help)
    large = regions_that_break("in_two_tables", own)
    large += _without(regions_that_break("in_two_tables", placed), large)
    if large:
        message = f"more than 1 GiB, from a multiple of it on, is in {entries(len(large))}: on a processor without "
        message += f"`pdpe1gb`, Linux maps the last GiB only: {examples(large)}"
        help = "use a processor, or a virtual one, with pages of 1 GiB, or divide the region"
        yield found(Severity.WARNING, FindingCode.LARGE_RUN, message, large, help=help)
    shifted = regions_that_break("gib_in_step", placed)
    if shifted:
        message = f"{placement.model} has whole GiB of {entries(len(shifted))} at addresses where pages of 1 GiB map "
        message += f"other memory: {examples(shifted)}"
        help = "boot with `nogbpages`, or divide the region"
        yield found(Severity.WARNING, FindingCode.SHIFTED_GIB, message, shifted, help=help)


def regions_that_break(rule: str, rows: Sequence[_Row]) -> list[Descriptor]:
    """The regions that, mapped at these addresses, do not keep a rule of `spec/page_walk.layout`, in their order."""
    scenario = _rules()
    goals = {each.rule: each for check in scenario.checks if isinstance(check.goal, tuple) for each in check.goal}
    asked = [each for each in rows if not _keeps_all(*each)]
    (given,) = scenario.maps
    world = World(
        {given.name: tuple(_fields(given.record, *each) for each in asked)}, {}, {}, {given.name: given.record}
    )
    return [asked[each.origin][0] for broken in violations((goals[rule],), world) for each in broken.regions]


def _keeps_all(region: Descriptor, address: int) -> bool:
    last = address + region.num_pages * PAGE_SIZE - 1
    return last < _NEVER_ASKED and address // _GIB == last // _GIB


def _fields(record: p.Record, region: Descriptor, address: int) -> Mapping[str, int]:
    own = {"phys_addr": region.phys_addr, "virt_addr": address, "num_pages": region.num_pages}
    return {name: own.get(name, 0) for name, _ in record.inputs}


def _without(regions: Sequence[Descriptor], others: Sequence[Descriptor]) -> list[Descriptor]:
    known = set(map(id, others))
    return [each for each in regions if id(each) not in known]


@cache
def _rules() -> p.Scenario:
    """The rules, read from their module once."""
    program = load_text("rules", _QUESTION, search_path())
    assert not isinstance(program, Diagnostic), program.message
    (scenario,) = program.scenarios
    return scenario
