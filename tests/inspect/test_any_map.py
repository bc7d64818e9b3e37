"""Whatever a map holds, it is checked; and what is found is what comparing each entry with each finds."""

from __future__ import annotations

from itertools import combinations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from checker.inspect import Machine, Material, machine_of, numbers
from checker.inspect.oops import FaultAddress
from checker.inspect.where import atlas
from checker.memmap import Descriptor, MemoryMap
from checker.memmap.formats.json_map import JSON
from checker.memmap.limits import STANDARD
from tests.helpers.maps import inspected, told

ADDRESSES = st.one_of(st.integers(0, 64).map(lambda page: page << 12), st.integers(0, (1 << 64) - 1))
COUNTS = st.one_of(st.integers(0, 40), st.integers(0, (1 << 64) - 1))
WORDS = st.sampled_from((0, 0xF, 1, 8, 1 << 63, (1 << 63) | 8, (1 << 63) | 1, (1 << 63) | 0x4008))
ANY = st.builds(Descriptor, st.integers(0, 20), ADDRESSES, COUNTS, WORDS, st.one_of(st.just(0), ADDRESSES))
SMALL = st.builds(
    Descriptor, st.integers(0, 11), st.integers(0, 200).map(lambda page: page << 12), st.integers(0, 20), WORDS
)
PAGE = 4096


def of(descriptors: list[Descriptor]) -> MemoryMap:
    return MemoryMap(tuple(descriptors), JSON, "any")


def last(region: Descriptor) -> int:
    return region.phys_addr + region.num_pages * PAGE


def way(region: Descriptor) -> tuple[int, int]:
    """The way in which a region is mapped: the best caching that it allows, and whether it is executable."""
    return next((bit for bit in (8, 4, 2, 1) if region.attribute & bit), 0), region.attribute & 0x4000


@settings(deadline=None)
@given(st.lists(ANY, min_size=1, max_size=12))
def test_every_map_is_checked_and_every_region_of_a_finding_has_a_number(descriptors: list[Descriptor]) -> None:
    for finding in inspected(of(descriptors)).findings:
        found = numbers(descriptors, finding.regions)
        assert len(found) == len(finding.regions)
        assert all(0 <= each < len(descriptors) for each in found)
        assert finding.help


@settings(deadline=None)
@given(st.lists(SMALL, min_size=1, max_size=10))
def test_entries_that_overlap_are_found_as_by_comparing_all(descriptors: list[Descriptor]) -> None:
    pairs = [
        (one, other)
        for one, other in combinations(descriptors, 2)
        if max(one.phys_addr, other.phys_addr) < min(last(one), last(other))
    ]
    found = [regions for code, _, regions in told(inspected(of(descriptors))) if code == "M350"]
    assert bool(found) == bool(pairs)
    meeting = {descriptors.index(each) for pair in pairs for each in pair}
    assert {descriptors.index(descriptors[each]) for regions in found for each in regions} <= meeting


@settings(deadline=None)
@given(st.lists(SMALL, min_size=1, max_size=10))
def test_pages_that_are_shared_are_found_as_by_looking_at_each(descriptors: list[Descriptor]) -> None:
    """Of maps without overlap, in which a page has one region for each part of it."""
    placed: list[Descriptor] = []
    for each in descriptors:
        if all(last(each) <= other.phys_addr or last(other) <= each.phys_addr for other in placed):
            placed.append(each)
    assume(machine_of(placed) is not Machine.PC)
    clashing = set()
    for frame in range(300 // 16):
        start, end = frame * 16 * PAGE, (frame + 1) * 16 * PAGE
        there = [each for each in placed if each.num_pages and each.phys_addr < end and last(each) > start]
        ways = {
            (next((bit for bit in (8, 4, 2, 1) if each.attribute & bit), 0), each.attribute & 0x4000) for each in there
        }
        if len(ways) > 1 and any(each.type in (0, 5, 6, 10) for each in there):
            clashing |= {placed.index(each) for each in there}
    made = inspected(of(placed))
    found = [regions for code, _, regions in told(made) if code == "M357"]
    assert [set(each) for each in found] == ([clashing] if clashing else [])


@settings(deadline=None)
@given(st.lists(SMALL, min_size=1, max_size=10), st.integers(0, 230 << 12))
def test_an_address_is_in_the_regions_that_hold_it(descriptors: list[Descriptor], address: int) -> None:
    made = atlas(Material(of(descriptors)), None, {}, STANDARD)
    found = made.locate(FaultAddress(("address",), address))  # type: ignore[union-attr]
    holding = [number for number, each in enumerate(descriptors) if each.phys_addr <= address < last(each)]
    assert sorted(each.number for each in found.places) == holding
    full = [each for each in descriptors if each.num_pages]
    if not holding:
        below = max((last(each) for each in full if last(each) <= address), default=None)
        above = min((each.phys_addr for each in full if each.phys_addr > address), default=None)
        assert (found.above and found.above.start) == above
        assert (found.below is None) == (below is None)
