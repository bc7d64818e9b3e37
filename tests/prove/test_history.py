"""What is known, in a later pass, of a region that is no witness: as much as of a witness in its place, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import z3

from checker import program as p
from checker.prove.proof.goals import solve
from checker.prove.system import inputs
from checker.prove.system.loop import Loop, Neighbours
from checker.prove.system.state import HadTurn, RunVariable, WitnessField
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import disj, neg
from checker.prove.terms.numbers import Num
from tests.helpers.loading import load_source

NUMBERED = """
    record Part {{ start: pa  number: u32  placed at where_to: va }}
    list Parts of Part
    layout PartsMade of Parts
    handover starts(made: PartsMade) {{ pass r where true  start: u64  number: u32 }}
    algorithm numbered(map: Parts) {{
        var next: u32 = 0
        for r in map {{ r.number = next  if next < 9 {{ next += 1 }} }}
        var last: u32 = 0
        for r in {second} map {{ last = r.number  place r at 0 }}
    }}
    scenario s {{
        given map: Parts
        let made = numbered(map)
        let later = repeat numbered(starts(made))
        check each r in made: r.placed
        check each r in later: r.placed
    }}
"""
"""The first pass numbers the regions, so that the numbers rise; the second one looks at them."""


def second_loop(made: p.Scenario, count: int, neighbours: Neighbours | None = None, run: str = "made") -> Loop:
    """The loop of the second pass, where it is known of the first one that numbers rise."""
    loops: list[Loop] = []

    def infer(loop: Loop, _: Sequence[Any]) -> list[Any]:
        loops.append(loop)
        name = loop.view.tracks[0]
        numbers = [columns[name]["number"] for columns in loop.view.witnesses]
        if WitnessField(name, 0, "number") not in loop.head:
            return []
        small = [
            disj(neg(seen), n.compare(p.Rel.LT, it, n.const(99)))
            for seen, it in zip(loop.view.seen, numbers, strict=True)
        ]
        rising = disj(*map(neg, loop.view.seen), n.compare(p.Rel.LE, numbers[0], numbers[-1]))
        return [*small, *([rising] if count == 2 else [])]

    given = inputs.inputs(made, made.checks[0].assumptions)
    solve(given, count, neighbours, infer, lambda _, claims: [True] * len(claims))
    return [loop for loop in loops if run in loop.view.tracks and RunVariable(run, "last") in loop.head][-1]


def may(loop: Loop, run: str, *conditions: Any) -> bool:
    """Tell whether another region can have a turn after which this holds; ``last`` is then that region's number."""
    solver = z3.Solver()
    step = loop.steps[0]
    solver.add(*loop.facts, *step.premises, *conditions)
    return bool(solver.check() == z3.sat)


def number_met(loop: Loop, run: str = "made") -> Num:
    value = loop.steps[0].after[RunVariable(run, "last")]
    assert isinstance(value, Num)
    return value


def number_of(loop: Loop, index: int, run: str = "made") -> Num:
    value = loop.view.witnesses[index][run]["number"]
    assert isinstance(value, Num)
    return value


def above(left: Num, right: Num) -> Any:
    return n.compare(p.Rel.LT, right, left)


@pytest.mark.parametrize("second", ["", "reversed"])
def test_the_region_keeps_to_its_side_of_a_witness_and_no_other(second: str) -> None:
    (made,) = load_source(NUMBERED.format(second=second)).scenarios
    loop = second_loop(made, 2)
    met, first, last = number_met(loop), number_of(loop, 0), number_of(loop, 1)
    seen1, seen2 = (loop.head[HadTurn(index)] for index in (0, 1))
    # In a reversed pass a region that comes before any witness stands behind both in the map.
    behind, before = ([seen1, seen2], [neg(seen1), neg(seen2)])
    if second:
        behind, before = before, behind
    assert not may(loop, "made", *before, above(met, last))
    assert not may(loop, "made", *behind, above(first, met))
    assert may(loop, "made", *before, above(first, met))
    assert may(loop, "made", *behind, above(met, last))


def test_between_the_witnesses_it_keeps_to_both() -> None:
    (made,) = load_source(NUMBERED.format(second="")).scenarios
    loop = second_loop(made, 2)
    between = [loop.head[HadTurn(0)], neg(loop.head[HadTurn(1)])]
    assert not may(loop, "made", *between, above(number_of(loop, 0), number_met(loop)))
    assert not may(loop, "made", *between, above(number_met(loop), number_of(loop, 1)))


def test_what_holds_of_one_witness_holds_of_every_region() -> None:
    (made,) = load_source(NUMBERED.format(second="")).scenarios
    loop = second_loop(made, 1)
    assert not may(loop, "made", above(number_met(loop), n.const(98)))
    assert may(loop, "made", above(number_met(loop), n.const(97)))


def test_what_it_is_itself_is_not_what_the_witness_is() -> None:
    (made,) = load_source(NUMBERED.format(second="")).scenarios
    loop = second_loop(made, 1)
    assert may(loop, "made", above(number_met(loop), number_of(loop, 0)))
    assert may(loop, "made", above(number_of(loop, 0), number_met(loop)))


def test_neighbours_are_no_two_regions_like_any_others() -> None:
    (made,) = load_source(NUMBERED.format(second="")).scenarios
    everything = p.Regions("made", "r", p.Const(made.checks[0].goal[0].formula.where.type, 1))  # type: ignore[union-attr]
    loop = second_loop(made, 2, Neighbours(everything))
    assert may(loop, "made", loop.head[HadTurn(1)], above(number_of(loop, 0), number_met(loop)))


def test_in_a_chain_nothing_is_carried_over() -> None:
    (made,) = load_source(NUMBERED.format(second="")).scenarios
    loop = second_loop(made, 1, run="later")
    assert may(loop, "later", above(number_met(loop, "later"), n.const(98)))


def first_loop(made: p.Scenario) -> Loop:
    """The loop of the first pass, over two witnesses."""
    loops: list[Loop] = []

    def infer(loop: Loop, _: Sequence[Any]) -> list[Any]:
        loops.append(loop)
        return []

    solve(inputs.inputs(made, made.checks[0].assumptions), 2, None, infer, lambda _, claims: [True] * len(claims))
    return loops[0]


def test_of_its_own_loop_it_keeps_to_its_side_too() -> None:
    """Were numbers known to rise in the map, from the first witness to the second, they would be of it and a witness
    that stands on the same side; and it had no turn yet."""
    (made,) = load_source(NUMBERED.format(second="")).scenarios
    loop = first_loop(made)
    step = loop.steps[0]
    seen1, seen2 = (loop.head[HadTurn(index)] for index in (0, 1))
    starts = [loop.view.witnesses[index]["map"]["start"] for index in (0, 1)]
    its = step.entering["made"]["start"]
    assert all(isinstance(each, Num) for each in (*starts, its))
    rising = disj(seen2, n.compare(p.Rel.LE, *starts))
    solver = z3.Solver()
    solver.add(*loop.facts, *step.premises, *(each.instance for each in step.itself([rising])))
    assert solver.check(neg(seen2), above(its, starts[1])) == z3.unsat
    assert solver.check(neg(seen2), above(starts[0], its)) == z3.sat
    assert solver.check(seen1, above(starts[0], its)) == z3.unsat
    assert solver.check(seen2, above(its, starts[1])) == z3.sat
