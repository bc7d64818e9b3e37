"""`split`: the pieces that it makes, against another telling of what Linux does to reserve a part of a region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker import program as p
from checker.interpret import Layout, Values, instances, realise, run, violations
from checker.program.records import Identity
from checker.program.valuation import Valuation
from tests.helpers.loading import load_source

PAGE = 4096
RUNTIME = 1 << 63

RESERVE = load_source(
    """
    algorithm reserve(map: MemoryMap, start: pa, end: pa) {
        for region in map { split region at start, end }
        for region in map where start <= region.phys_addr and region.phys_end <= end { region.attribute |= RUNTIME }
    }
    """
).algorithms[0]


@dataclass(frozen=True)
class Entry:
    """An entry of the map, its ends inclusive, as Linux looks at it."""

    first: int
    last: int
    attribute: int = 0


def inserted(entries: Sequence[Entry], first: int, last: int) -> list[Entry]:
    """The entries around a range that gets the attribute: efi_memmap_insert(), drivers/firmware/efi/memmap.c or
    arch/x86/platform/efi/memmap.c of Linux 5.10 to 7.3, in other words."""
    made = []
    for each in entries:
        tagged = each.attribute | RUNTIME
        head, tail = each.first < first <= each.last, each.first <= last < each.last
        if first <= each.first and each.last <= last:
            made.append(replace(each, attribute=tagged))
        elif head and last < each.last:
            # Also where the range is empty: then there is an empty entry between the two others.
            made.append(replace(each, last=first - 1))
            made.append(Entry(first, last, tagged))
            made.append(replace(each, first=last + 1))
        elif head:
            made += [replace(each, last=first - 1), Entry(first, each.last, tagged)]
        elif first <= each.first and tail and each.first < last:
            made += [Entry(each.first, last, tagged), replace(each, first=last + 1)]
        else:
            made.append(each)
    return made


def regions(entries: Sequence[Entry]) -> list[Values]:
    fields = {"type": 4, "virt_addr": 0}
    return [
        {**fields, "phys_addr": e.first, "num_pages": (e.last + 1 - e.first) // PAGE, "attribute": e.attribute}
        for e in entries
    ]


def entries_of(layout: Layout) -> list[Entry]:
    return [Entry(r["phys_addr"], r["phys_addr"] + r["num_pages"] * PAGE - 1, r["attribute"]) for r in layout.regions]


def names(layout: Layout) -> list[str]:
    return list(map(str, layout.identities))


near = st.integers(0, 12).map(lambda number: number * PAGE)


@given(st.lists(st.tuples(near, st.integers(1, 6)), max_size=5), near, st.integers(0, 6))
def test_regions_are_split_as_linux_splits_them(map_: list[tuple[int, int]], start: int, pages: int) -> None:
    entries = [Entry(first, first + count * PAGE - 1) for first, count in map_]
    made = run(RESERVE, regions(entries), {"start": start, "end": start + pages * PAGE})
    assert inserted(entries, start, start + pages * PAGE - 1) == entries_of(made)


ONE = Entry(0x10000, 0x1FFFF)


def split(start: int, end: int) -> Layout:
    return run(RESERVE, regions([Entry(0, 0xFFF), ONE, ONE]), {"start": start, "end": end})


@pytest.mark.parametrize(
    ("start", "end", "pieces"),
    [
        (0x12000, 0x13000, ["0", "1.0", "1.1", "1.2", "2.0", "2.1", "2.2"]),
        (0x10000, 0x13000, ["0", "1.0", "1.1", "2.0", "2.1"]),
        (0x12000, 0x20000, ["0", "1.0", "1.1", "2.0", "2.1"]),
        (0x12000, 0x90000, ["0", "1.0", "1.1", "2.0", "2.1"]),
        (0x10000, 0x20000, ["0", "1", "2"]),
        (0x20000, 0x30000, ["0", "1", "2"]),
        (0x12000, 0x12000, ["0", "1.0", "1.1", "1.2", "2.0", "2.1", "2.2"]),
        (0x10000, 0x10000, ["0", "1", "2"]),
        (0x13000, 0x12000, ["0", "1.0", "1.1", "2.0", "2.1"]),
    ],
)
def test_pieces_stand_where_their_region_stood(start: int, end: int, pieces: list[str]) -> None:
    assert pieces == names(split(start, end))


def test_a_piece_has_the_pages_that_are_whole() -> None:
    made = split(0x12800, 0x13000)
    lengths = [(r["phys_addr"], r["num_pages"]) for r in made.regions[1:4]]
    assert lengths == [(0x10000, 2), (0x12800, 0), (0x13000, 13)]


def test_a_region_that_wraps_is_as_long_as_its_number_says() -> None:
    top = {"type": 4, "virt_addr": 0, "phys_addr": (1 << 64) - 2 * PAGE, "num_pages": 2, "attribute": 0}
    made = run(RESERVE, [top], {"start": (1 << 64) - PAGE, "end": (1 << 64) - 1})
    assert [each["num_pages"] for each in made.regions] == [1, 0, 0]


MANY = load_source(
    """
    algorithm many(map: MemoryMap) {
        for region in map {
            if region.phys_addr == 0 { export region }
            split region at 0x1000, 0x2000
        }
        for region in map where region.phys_addr == 0x1000 { split region at 0x1800 }
    }
    """
).algorithms[0]


def test_pieces_have_turns_in_later_passes_only_and_are_split_again() -> None:
    layout = run(MANY, regions([Entry(0, 0x2FFF), Entry(0, 0x2FFF)]), {})
    assert names(layout) == ["0.0", "0.1.0", "0.1.1", "0.2", "1.0", "1.1.0", "1.1.1", "1.2"]
    # The first piece alone is in the exported list, where its region was.
    assert layout.exported == (0, 4)
    assert [r["exported"] for r in layout.regions] == [1, 0, 0, 0, 1, 0, 0, 0]


def test_an_identity_knows_its_pieces() -> None:
    whole = Identity(3)
    piece = whole.piece(1).piece(2)
    assert str(piece) == "3.1.2"
    assert piece.is_part_of(whole.piece(1))
    assert piece.is_part_of(piece)
    assert not whole.is_part_of(piece)
    assert not piece.is_part_of(whole.piece(2))
    assert not piece.is_part_of(Identity(4))


COUNTERPARTS = load_source(
    """
    handover whole(made: Layout) { pass region  type: u32  phys_addr: u64  num_pages: u64  attribute: u64 }
    algorithm cut(map: MemoryMap, at: pa) { for region in map { split region at at } }
    algorithm again(map: MemoryMap) { for region in map { split region at 0x1000 } }
    scenario s {
        given map: MemoryMap
        let once = cut(map, 0x2000)
        let twice = again(whole(once))
        check each r in map with s in once: r.type == s.type and r.num_pages == s.num_pages
        check each r in once with s in map: r.phys_addr == s.phys_addr
        check each r in once with s in twice: r.num_pages <= s.num_pages + 2
    }
    """
)


def test_a_region_and_each_of_its_pieces_are_the_same_region() -> None:
    (scenario,) = COUNTERPARTS.scenarios
    world = realise(scenario, Valuation({"map": tuple(regions([ONE, Entry(0, 0x2FFF), Entry(0x5000, 0x5FFF)]))}))
    found = [list(violations(check.goal, world)) for check in scenario.checks if isinstance(check.goal, tuple)]
    told = [[tuple(map(str, each.regions)) for each in broken] for broken in found]
    # The region that is cut is longer than each of its pieces, and the second piece begins elsewhere.
    assert told[0] == [("1", "1.0"), ("1", "1.1")]
    assert told[1] == [("1.1", "1")]
    assert told[2] == []
    pairs = [
        tuple(map(str, each.identities))
        for check in scenario.checks[2:3]
        if isinstance(check.goal, tuple)
        for conjunct in check.goal
        if isinstance(conjunct.formula, p.ForAll)
        for each in instances(conjunct.formula, world)
    ]
    assert pairs == [("0",), ("1.0", "1.0.0"), ("1.0", "1.0.1"), ("1.1",), ("2",)]
