"""Faults in the search for counterexamples, and the judge of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Any

from checker import program as p
from checker.program.valuation import Valuation
from checker.prove.search import unroll
from checker.prove.search.shapes import Shape
from checker.prove.system import inputs
from checker.prove.terms.encode import FALSE
from tests.helpers import seams
from tests.prove.faults.checks import differential, fooling, golden, replay, the_test
from tests.prove.faults.seeding import Fault, Seeding, noting
from tests.verify import test_replay

FAULTS: list[Fault] = []
fault = noting(FAULTS)


@fault("a run that another check is about has to exist", fooling("choice-of-another-run"))
def _(seed: Seeding) -> None:
    for seam in (seams.SLICE, seams.RUNS_OF_PROOF):
        seed.into(seam)(lambda rightly, scenario, checks: scenario)


@fault("chains end with the second kernel", golden("third-kernel"))
def _(seed: Seeding) -> None:
    @seed.into(seams.SHAPES)
    def _(rightly: Any, scenario: p.Scenario, rows: int) -> Iterator[Shape]:
        return (s for s in rightly(scenario, rows) if all(times == 1 for _, times in s.generations))


@fault("neighbours are next to each other in the whole list", differential(runs=True))
def _(seed: Seeding) -> None:
    @seed.into(seams.INSTANCES)
    def _(rightly: Any, unrolled: unroll.Unrolled, formula: p.ForAll) -> Any:
        if formula.relation is p.Relation.NEXT:
            order, regions = unrolled.order[formula.regions.name], unrolled.lists[formula.regions.name]
            for first, second in combinations(order, 2):
                applies, said = inputs.parts(formula, (regions[first], regions[second]), unrolled.given.scalars)
                yield applies if (first, second) in pairwise(order) else FALSE, said
        else:
            yield from rightly(unrolled, formula)


@fault("unrolled, a pass goes through the list as it stands in either direction", differential())
def _(seed: Seeding) -> None:
    @seed.into(seams.UNROLLED_VISITS)
    def _(rightly: Any, execution: Any, statement: p.Pass) -> Any:
        return rightly(execution, replace(statement, reverse=False))


@fault("what is assumed of layouts is not looked at", differential(), replay("assumed-of-the-layout"))
def _(seed: Seeding) -> None:
    seed.into(seams.UNROLLED_ASSUMPTIONS)(lambda rightly, unrolled, formula: iter(()))


@fault(
    "a counterexample may have values that no type has",
    the_test(
        test_replay.test_there_is_a_value_for_everything_that_is_open_and_nothing_else,
        {"scalars": {"top": 1 << 64, "other_top": 0x2000}},
    ),
)
def _(seed: Seeding) -> None:
    seed.into(seams.JUDGE_VALUES)(lambda rightly, scenario, found: True)


@fault(
    "a counterexample may choose what is not in the range",
    the_test(test_replay.test_a_choice_is_one_of_those_that_there_are, 0x3000),
)
def _(seed: Seeding) -> None:
    @seed.into(seams.JUDGE_CHOICES)
    def _(rightly: Any, run: str, found: Valuation) -> Any:
        return lambda name, region, legal: found.choices.get((run, name, region))


@fault(
    "a counterexample may have maps that are not alike",
    the_test(test_replay.test_maps_are_alike_that_should_be, test_replay.maps(test_replay.CELL, None)),
)
def _(seed: Seeding) -> None:
    seed.into(seams.RUN_ALIKE)(lambda rightly, scenario, setting: True)


@fault("a counterexample need not keep what is assumed", the_test(test_replay.test_what_is_assumed_is_kept))
def _(seed: Seeding) -> None:
    @seed.into(seams.JUDGE_BREAKS)
    def _(rightly: Any, scenario: p.Scenario, check: p.Check, found: Valuation) -> bool:
        return rightly(scenario, replace(check, assumptions=()), found)


@fault(
    "a run that has nothing to choose from goes on",
    the_test(test_replay.test_there_is_no_run_that_has_nothing_to_choose_from, "other_top"),
)
def _(seed: Seeding) -> None:
    @seed.into(seams.RUN_SCENARIO)
    def _(rightly: Any, scenario: p.Scenario, *rest: Any) -> Any:
        made = rightly(scenario, *rest)
        return replace(made, layouts={name: replace(each, possible=True) for name, each in made.layouts.items()})
