"""Maps are compared entry by entry and page by page."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from checker.handover import compare
from checker.handover.difference import collisions, translate
from checker.memmap import RUNTIME, Descriptor
from tests.helpers.handover_examples import BOOT, CODE, DATA_REGION, FIRMWARE

PAGE = 4096
small = st.builds(
    lambda start, pages, virtual: Descriptor(6, start * PAGE, pages, RUNTIME, virtual * PAGE),
    st.integers(0, 12),
    st.integers(0, 4),
    st.integers(1, 12),
)
lists = st.lists(small, max_size=5)


def pages(regions: list[Descriptor]) -> set[tuple[int, int]]:
    """Every page of a map with its virtual address."""
    return {
        (region.phys_addr + page * PAGE, region.virt_addr + page * PAGE)
        for region in regions
        for page in range(region.num_pages)
    }


@given(lists, lists)
def test_missing_and_moved_memory_is_what_page_by_page_comparison_finds(
    first: list[Descriptor], second: list[Descriptor]
) -> None:
    difference = compare(first, second)
    where = pages(second)
    physical = {start for start, _ in where}
    strays = pages(first) - where

    def found(stretches: object) -> set[tuple[int, int]]:
        return {
            (at, stretch.expected + at - stretch.start)
            for stretch in stretches  # type: ignore[attr-defined]
            for at in range(stretch.start, stretch.end, PAGE)
        }

    assert found(difference.missing) == {stray for stray in strays if stray[0] not in physical}
    assert found(difference.moved) == {stray for stray in strays if stray[0] in physical}
    assert {start for start, _ in found(difference.extra)} == physical - {start for start, _ in pages(first)}
    for stretch in difference.moved:
        assert (stretch.start, stretch.found) in where


@given(lists)
def test_a_collision_is_found_if_there_is_one(regions: list[Descriptor]) -> None:
    claimed: dict[int, set[int]] = {}
    for start, virtual in pages(regions):
        claimed.setdefault(virtual, set()).add(start)
    assert bool(collisions(regions)) == any(len(starts) > 1 for starts in claimed.values())


@given(lists)
def test_colliding_entries_share_a_page(regions: list[Descriptor]) -> None:
    for one, other in collisions(regions):
        assert {virtual for _, virtual in pages([one])} & {virtual for _, virtual in pages([other])}


def test_entries_without_an_address_do_not_collide() -> None:
    assert not collisions([replace(CODE, virt_addr=0), replace(DATA_REGION, virt_addr=0)])


def test_an_entry_at_address_zero_collides() -> None:
    low = Descriptor(6, 0, 2, RUNTIME, 0)
    assert collisions([low, Descriptor(6, 0x5000, 1, RUNTIME, 0x1000)])


def test_equal_maps_do_not_differ() -> None:
    difference = compare(FIRMWARE, FIRMWARE)
    assert difference.same_layout
    assert difference.same_order
    assert not (difference.missing or difference.moved or difference.extra or difference.attributes)


def test_another_order_is_the_same_layout() -> None:
    difference = compare(FIRMWARE, FIRMWARE[::-1])
    assert (difference.same_layout, difference.same_order, difference.common_in_order) == (True, False, False)


def test_the_order_of_what_is_common_does_not_depend_on_the_rest() -> None:
    difference = compare((CODE, BOOT, DATA_REGION), (CODE, DATA_REGION))
    assert (difference.same_order, difference.common_in_order) == (False, True)
    assert difference.gone == (BOOT,)


def test_an_entry_that_is_there_twice_must_be_there_twice() -> None:
    difference = compare((CODE, CODE), (CODE,))
    assert difference.gone == (CODE,)
    assert not difference.missing


def test_an_entry_that_is_there_three_times_is_there_twice_in_both() -> None:
    assert compare((CODE, CODE, CODE), (CODE, CODE)).gone == (CODE,)


def test_attributes_are_compared_pair_by_pair() -> None:
    other = replace(BOOT, attribute=BOOT.attribute | RUNTIME)
    assert compare((CODE, BOOT), (other, CODE)).attributes == ((BOOT, other),)


def test_a_split_with_each_page_in_place_loses_nothing() -> None:
    lower = replace(CODE, num_pages=0x40)
    upper = replace(CODE, num_pages=0xC0, phys_addr=CODE.phys_addr + 0x40000, virt_addr=CODE.virt_addr + 0x40000)
    difference = compare((CODE,), (lower, upper))
    assert (difference.gone, difference.new) == ((CODE,), (lower, upper))
    assert not (difference.missing or difference.moved)


def test_a_split_that_forgets_the_virtual_address_moves_the_rest() -> None:
    lower = replace(CODE, num_pages=0x40)
    upper = replace(CODE, num_pages=0xC0, phys_addr=CODE.phys_addr + 0x40000)
    (moved,) = compare((CODE,), (lower, upper)).moved
    assert (moved.start, moved.expected, moved.found) == (upper.phys_addr, CODE.virt_addr + 0x40000, CODE.virt_addr)


def test_unknown_addresses_are_not_compared() -> None:
    difference = compare((CODE,), (replace(CODE, virt_addr=0),), addressed=False)
    assert difference.same_layout


def test_an_address_is_translated_by_the_entry_that_covers_it() -> None:
    assert translate(FIRMWARE, DATA_REGION.phys_addr) == DATA_REGION.virt_addr
    assert translate(FIRMWARE, DATA_REGION.phys_addr + 0xFFFF) == DATA_REGION.virt_addr + 0xFFFF
    assert translate(FIRMWARE, DATA_REGION.phys_addr + 0x10000) is None
