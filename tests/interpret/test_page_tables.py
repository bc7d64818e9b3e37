"""Models of page tables, which have sums where kernels have loops, against tables that are filled entry by entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import pytest

from checker import program as p
from checker.interpret import run
from tests.helpers.loading import load_file
from tests.helpers.places import MODELS, SPEC
from tests.oracles.page_tables import FIFTH, HUGE, LARGE, PAGE, TOP, AstrayError, Tables

WINDOW = 0xFFFF_FFEF_0000_0000
_EDGES = (0, PAGE, LARGE - PAGE, LARGE, HUGE - LARGE, HUGE - PAGE, HUGE)


def algorithm(path: Path) -> p.Algorithm:
    """The one algorithm of a file."""
    (found,) = load_file(path).algorithms
    return found


def region(physical: int, virtual: int, pages: int) -> dict[str, int]:
    return {"type": 6, "phys_addr": physical, "virt_addr": virtual, "num_pages": pages, "attribute": 0, "frame": 0}


def sizes(random: Random) -> Iterator[int]:
    """Counts of pages about those where the loop does something else."""
    while True:
        size = random.choice((0, 0, LARGE, HUGE, 2 * HUGE)) + random.choice(_EDGES) * random.randrange(2)
        yield (size + random.randrange(3) * PAGE) // PAGE + random.choice((0, 0, 0, 1 << 32))


def regions(random: Random, *, five_levels: bool) -> Iterator[tuple[int, int, int]]:
    """Regions one to one, near edges of tables, and in the window at addresses in step modulo 2 MiB."""
    half = (FIFTH if five_levels else TOP) << 8
    for pages in sizes(random):
        near = random.choice((0, HUGE, TOP - HUGE, TOP, half - HUGE, half, 2 * half + HUGE, FIFTH - HUGE))
        physical = near + random.choice(_EDGES) + random.randrange(2) * random.randrange(1024) * PAGE
        if random.randrange(2):
            virtual = WINDOW + random.randrange(8) * HUGE + random.randrange(512) * LARGE * random.randrange(2)
            yield physical, virtual + physical % LARGE, pages
        else:
            yield physical, physical, pages


def pages_to_look_at(random: Random, virtual: int, pages: int) -> set[int]:
    """Pages of a region and beside it, and those that an entry for it may be for by mistake."""
    size = pages % (1 << 32) * PAGE
    around = [virtual + delta for delta in (-PAGE, 0, PAGE, size - PAGE, size, size - LARGE, size - HUGE, LARGE, HUGE)]
    around += [virtual + random.randrange(size // PAGE + 1) * PAGE for _ in range(6)]
    around += [each - back for each in tuple(around) for back in (HUGE, TOP, FIFTH, FIFTH << 9)]
    around += [each % (1 << 47) for each in around] + [each % (1 << 56) for each in around]
    return {each // PAGE * PAGE for each in around if 0 <= each < 1 << 64}


@pytest.mark.parametrize("five_levels", [False, True])
def test_every_page_is_mapped_as_by_the_loop_or_the_model_says_that_it_does_not_follow(*, five_levels: bool) -> None:
    populate = algorithm(SPEC / "page_tables.layout")
    half = 1 << 56 if five_levels else 1 << 47
    random, seen = Random(13), {"astray": 0, "right": 0, "wrong": 0, "nothing": 0}
    for _, (physical, virtual, pages) in zip(range(300), regions(random, five_levels=five_levels), strict=False):
        huge_pages = bool(random.randrange(2))
        tables = Tables(huge_pages, five_levels=five_levels)
        astray = False
        try:
            tables.map(physical, virtual, pages)
        except AstrayError:
            astray = True
        for page in pages_to_look_at(random, virtual, pages):
            given = {"page": page, "gbpages": huge_pages, "five_levels": five_levels}
            made = run(populate, [region(physical, virtual, pages)], given)
            (row,) = made.regions
            assert row["astray"] == astray, (hex(physical), hex(virtual), hex(pages))
            frame = tables.look_up(page)
            if astray:
                seen["astray"] += 1
            elif page < half or page >= (1 << 64) - half:
                assert (row["frame"] if row["written"] else None) == frame, (hex(physical), hex(virtual), hex(page))
                own = physical + page - virtual if virtual <= page < virtual + pages * PAGE else None
                seen["nothing" if frame is None else "right" if frame == own else "wrong"] += 1
    assert min(seen.values()) > 100, seen


def test_unaligned_regions_are_mapped_as_by_the_loop() -> None:
    populate = algorithm(MODELS / "pages" / "pages-not-aligned.layout")
    random, wrong = Random(2), 0
    for _ in range(300):
        physical = HUGE + random.choice(_EDGES[:4]) + random.randrange(3) * LARGE + random.choice((0, 1, 0x800, 0xFFF))
        pages = random.choice((1, 2, 511, 512, 513, 1024, 1500)) + random.randrange(3)
        tables = Tables(huge_pages=True)
        tables.map(physical, physical, pages)
        for page in pages_to_look_at(random, physical, pages):
            (row,) = run(populate, [region(physical, physical, pages)], {"page": page}).regions
            frame = tables.look_up(page)
            assert (row["frame"] if row["written"] else None) == frame, (hex(physical), pages, hex(page))
            wrong += frame not in (None, page)
    assert wrong > 100


def entries(random: Random, base: int) -> Sequence[dict[str, int]]:
    """Entries that are there already, in order."""
    numbers = sorted(random.sample(range(18), random.randrange(9)))
    return [
        {"address": base + each * PAGE, "frame": random.choice((base, 0x7000_0000)) + each * PAGE} for each in numbers
    ]


def test_what_is_there_is_kept_and_what_follows_is_mapped_as_by_the_loop() -> None:
    remap = algorithm(MODELS / "pages" / "pages-already-there.layout")
    random, wrong = Random(1), 0
    for _ in range(600):
        base = LARGE * random.randrange(1, 9)
        physical, pages = base + random.randrange(6) * PAGE, random.randrange(1, 12)
        there = entries(random, base)
        tables = Tables(huge_pages=False)
        for each in there:
            tables.put(each["address"], each["frame"])
        tables.map(physical, physical, pages)
        for page in range(physical, physical + pages * PAGE, PAGE):
            made = run(remap, [region(physical, 0, pages)], {"page": page}, beside={"tables": there})
            (row,) = made.regions
            assert row["written"] and row["frame"] == tables.look_up(page), (there, hex(physical), pages, hex(page))
            wrong += row["frame"] != page
    assert wrong > 100


@pytest.mark.parametrize(
    ("physical", "pages", "page", "frame"),
    [
        # As found by running the kernel's own functions: facts of 5.10, 6.1, 6.12 and 7.3.
        (0x1FF800, 2, 0x1FF000, None),
        (0x1FF800, 2, 0x200000, 0x1FF000),
        (0x1FF800, 2, 0x201000, 0x200000),
        (0x7FFFE00000, 0x400, 0x8000000000, None),
        (0x7FFFE00000, 0x400, 0x0, 0x8000000000),
        (0x40000000, 0x80000, 0x40000000, 0x80000000),
        (0x40000000, 0x80000, 0x80000000, None),
        (0x0, 1 << 32, 0x0, None),
        ((1 << 48) + 0x1000, 1, 0x1000, (1 << 48) + 0x1000),
    ],
)
def test_the_tables_of_this_file_are_wrong_where_kernels_are(
    physical: int, pages: int, page: int, frame: int | None
) -> None:
    tables = Tables(huge_pages=False)
    tables.map(physical, physical, pages)
    assert tables.look_up(page) == frame
