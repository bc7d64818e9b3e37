"""The numbers that a quantifier ranges over beside regions: which of them are looked at, and that this is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checker import program as p
from checker.interpret import World, every_number, instances, realise, violation
from checker.program.valuation import Valuation
from tests.helpers.loading import load_source

WIDE = 1 << 40


def judged(said: str, pages: int, **indices: int) -> tuple[p.Check, World]:
    """A check about the pages of a map of one region, and its world."""
    program = load_source(f"""
        algorithm none(map: MemoryMap) {{ for r in map {{ place r at EFI_WINDOW.start }} }}
        scenario s {{
            given map: MemoryMap
            let made = none(map)
            check each r in made, {said}
        }}
    """)
    made = program.scenarios[0]
    region = dict.fromkeys((name for name, _ in made.maps[0].record.inputs), 0) | {"num_pages": pages}
    named = {f"any pages {name}": number for name, number in indices.items()}
    return made.checks[0], realise(made, Valuation({"map": (region,)}, indices=named))


def numbers(check: p.Check, world: World) -> list[tuple[int, ...]]:
    formula = check.goal[0].formula  # type: ignore[index]
    assert isinstance(formula, p.ForAll)
    names = [index.variable.name for index in formula.indices]
    return [tuple(found.env.scalars[name] for name in names) for found in instances(formula, world)]


def told_all(check: p.Check, world: World) -> bool:
    return every_number(check.goal[0].formula, world)  # type: ignore[index]


def test_few_numbers_are_all_looked_at() -> None:
    check, world = judged("k: pages below r.num_pages: true", 7)
    assert numbers(check, world) == [(number,) for number in range(7)]
    assert told_all(check, world)


def test_a_bound_may_look_at_the_number_before_it() -> None:
    check, world = judged("k: pages below r.num_pages, j: pages below k: true", 5)
    assert numbers(check, world) == [(k, j) for k in range(5) for j in range(k)]
    assert told_all(check, world)


@pytest.mark.parametrize("bound", ["r.num_pages - 9", "r.num_pages - 7", "0"])
def test_nothing_is_below_nothing(bound: str) -> None:
    check, world = judged(f"k: pages below {bound}: false", 7)
    assert numbers(check, world) == [] and told_all(check, world)


def test_a_number_is_one_that_its_type_has() -> None:
    check, world = judged("k: pages below r.num_pages + r.num_pages: k <= 0xffff_ffff_ffff_ffff", (1 << 64) - 1)
    assert max(numbers(check, world)) == ((1 << 64) - 1,) and violation(check, world) is None


def test_of_many_numbers_some_are_looked_at_and_the_others_are_told_of() -> None:
    check, world = judged("k: pages below r.num_pages: true", WIDE)
    found = [number for (number,) in numbers(check, world)]
    assert {0, 1, WIDE - 1} <= set(found) and found == sorted(found) and found[-1] < WIDE
    assert not told_all(check, world)
    assert told_all(check, replace(world, most=WIDE))


def test_of_two_ranges_both_are_looked_at_whole_or_it_is_told() -> None:
    check, world = judged("k: pages below r.num_pages, j: pages below r.num_pages: true", 9)
    assert not told_all(check, world)
    wide = replace(world, most=81)
    assert told_all(check, wide) and len(numbers(check, wide)) == 81


def test_a_number_that_is_pointed_out_is_looked_at_if_it_is_one() -> None:
    said = "k: pages below r.num_pages: k != 0x12345"
    assert violation(*judged(said, WIDE)) is None
    found = violation(*judged(said, WIDE, k=0x12345))
    assert found is not None and ", k = " in found.explanation
    assert violation(*judged(said, WIDE, k=WIDE)) is None


def test_what_is_where_holds_of_the_numbers_that_it_is_asked_of() -> None:
    check, world = judged("k: pages below r.num_pages where k % 2 == 1: true", 6)
    assert numbers(check, world) == [(1,), (3,), (5,)]
