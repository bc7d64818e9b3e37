"""Room beside what is placed, as a run finds it: from below, and all of it."""

from __future__ import annotations

from random import Random

import pytest

from checker.interpret import Layout, run
from checker.interpret.room import left
from tests.helpers.loading import load_source

ALLOCATOR = """algorithm allocate(map: MemoryMap) {
    for r in map {
        choose at: va in 0x1000 .. 0x9000 aligned 4K apart by r.size
        place r at at
    }
}"""


def laid_out(text: str, *pages: int) -> Layout:
    (algorithm,) = load_source(text).algorithms
    regions = [
        {"type": 5, "phys_addr": 0x10_0000, "virt_addr": 0x7000, "num_pages": each, "attribute": 1 << 63}
        for each in pages
    ]
    return run(algorithm, regions, {})


def test_what_is_chosen_first_is_the_lowest_room() -> None:
    made = laid_out(ALLOCATOR, 2, 1, 3)
    assert [region["virt_addr"] for region in made.regions] == [0x1000, 0x3000, 0x4000]
    assert made.possible


def test_where_no_room_is_left_there_is_no_run() -> None:
    assert laid_out(ALLOCATOR, 2, 6).possible
    assert not laid_out(ALLOCATOR, 2, 6, 1).possible


def test_a_gap_is_filled_if_it_is_large_enough() -> None:
    text = """algorithm gaps(map: MemoryMap) {
        var at: va = 0x1000
        for r in map where r.num_pages > 2 { place r at at  at += 0x5000 }
        for r in map where r.num_pages <= 2 {
            choose low: va in 0x1000 .. 0x10_0000 aligned 4K apart by r.size
            place r at low
        }
    }"""
    made = laid_out(text, 3, 4, 2, 2)
    assert [region["virt_addr"] for region in made.regions] == [0x1000, 0x6000, 0x4000, 0xA000]


def test_a_region_is_not_in_its_own_way() -> None:
    text = """algorithm twice(map: MemoryMap) {
        for r in map { place r at 0x1000 }
        for r in map { choose at: va in 0x1000 .. 0x1001 apart by r.size  place r at at }
    }"""
    assert laid_out(text, 4).possible
    assert not laid_out(text, 4, 4).possible


@pytest.mark.parametrize("seed", range(200))
def test_what_is_left_is_what_overlaps_nothing(seed: int) -> None:
    random = Random(seed)
    legal = range(random.randrange(20), random.randrange(60), random.choice((1, 1, 2, 7)))
    own = random.randrange(6)
    taken = [(random.randrange(70), random.randrange(9)) for _ in range(random.randrange(5))]
    parts = list(left(legal, own, taken))
    assert all(parts)
    assert [at for part in parts for at in part] == [
        at for at in legal if all(at + own <= there or there + length <= at for there, length in taken)
    ]
