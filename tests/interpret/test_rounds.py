"""`while` on a concrete map, against the same loop in Python; and what is told where it would go round more often."""

from __future__ import annotations

import pytest

from checker import program as p
from checker.interpret import Layout, run
from checker.layouts.lay_out import wrap_warnings
from tests.helpers.loading import load_source

MOST = 3
ALGORITHM = load_source(f"""
    record Counted extends Descriptor {{ rounds: u64 }}
    list Counts of Counted
    algorithm halved(map: Counts) {{
        for r in map {{
            var at: va = 0
            while r.num_pages > 5 or r.num_pages % 4 == 3 up to {MOST} {{
                r.num_pages = r.num_pages / 2
                r.rounds += 1
                at += 4K
            }}
            place r at at
        }}
    }}
""").algorithms[0]


def laid_out(pages: int) -> Layout:
    region = {"type": 0, "phys_addr": 0, "virt_addr": 0, "num_pages": pages, "attribute": 0, "rounds": 0}
    return run(ALGORITHM, [region], {})


def halved(pages: int) -> tuple[int, int, bool]:
    rounds = 0
    while rounds < MOST and (pages > 5 or pages % 4 == 3):
        pages, rounds = pages // 2, rounds + 1
    return pages, rounds, pages > 5 or pages % 4 == 3


@pytest.mark.parametrize("pages", range(100))
def test_a_loop_does_what_the_same_loop_does_elsewhere(pages: int) -> None:
    layout = laid_out(pages)
    (region,) = layout.regions
    left, rounds, goes_on = halved(pages)
    assert (region["num_pages"], region["rounds"], region["virt_addr"]) == (left, rounds, rounds << 12)
    assert bool(layout.wrapped) == goes_on


def test_that_it_would_go_on_is_told_with_its_place() -> None:
    (warning,) = wrap_warnings(laid_out(99))
    assert "still holds here after the last round" in warning.message
    assert warning.span is not None and warning.span.text.startswith("while r.num_pages > 5")


def test_some_regions_need_more_rounds_than_there_are_and_some_none() -> None:
    found = {halved(pages)[1:] for pages in range(100)}
    assert {(0, False), (MOST, False), (MOST, True)} <= found
    assert isinstance(ALGORITHM, p.Algorithm)
