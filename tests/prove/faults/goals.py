"""Faults in what a proof consists of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from checker import program as p
from checker.prove.invariants.templates import Family
from checker.prove.proof import goals
from checker.prove.system.loop import Whose
from checker.prove.system.system import System
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import FALSE, equal
from tests.helpers import seams
from tests.prove.faults.assumptions import without_next
from tests.prove.faults.checks import fooling, golden
from tests.prove.faults.seeding import Fault, Seeding, noting

FAULTS: list[Fault] = []
fault = noting(FAULTS)


@fault("what is true of two regions is taken for true of one", fooling("at-most-one-region"))
def _(seed: Seeding) -> None:
    @seed.into(seams.WITNESS_REGIONS)
    def _(rightly: Any, goal: p.ForAll, columns: Sequence[Any], *entries: Any) -> Any:
        return rightly(goal, columns[: goal.arity], *entries)

    seed.into(seams.WITNESSES_NEEDED)(lambda rightly, goal: 2)


@fault("the two regions of a pair may be one", fooling("order-of-unsorted-maps"))
def _(seed: Seeding) -> None:
    @seed.into(seams.WITNESS_REGIONS)
    def _(rightly: Any, goal: p.ForAll, columns: Sequence[Any], *entries: Any) -> Any:
        regions = rightly(goal, columns, *entries)
        return [regions[0], regions[0]] if goal.arity == 2 else regions


@fault("the first part of a property is the property", fooling("two-parts"))
def _(seed: Seeding) -> None:
    seed.into(seams.GOALS)(lambda rightly, *given: rightly(*given)[:1])


@fault("in a list that arrives backward the first witness comes first", fooling("order-received"))
def _(seed: Seeding) -> None:
    @seed.into(seams.CLAIM)
    def _(rightly: Any, formula: p.ForAll, made: System) -> Any:
        return rightly(formula, _forward(made))


def _forward(made: System) -> System:
    forward = object.__new__(System)
    forward.__dict__.update(made.__dict__, directions=dict.fromkeys(made.directions, 1))
    return forward


@fault("in a list that arrives in any order the first witness comes first", fooling("neighbours-anyhow"))
def _(seed: Seeding) -> None:
    @seed.into(seams.CLAIM)
    def _(rightly: Any, formula: p.ForAll, made: System) -> Any:
        in_no_order = made.directions.get(formula.regions.name) == 0
        return rightly(formula, _forward(made) if in_no_order else made)


@fault("what is assumed of neighbours in a layout is assumed of any two", fooling("next-in-the-map"))
def _(seed: Seeding) -> None:
    @seed.into(seams.ASSUME_OF_LAYOUTS)
    def _(rightly: Any, made: System) -> Iterator[Any]:
        other = object.__new__(System)
        given = replace(made.given, assumptions=without_next(made.given.assumptions))
        other.__dict__.update(made.__dict__, given=given)
        return rightly(other)


@fault("counterparts that maps may differ in are one region", fooling("differ-and-are-counterparts"))
def _(seed: Seeding) -> None:
    seed.into(seams.COUNTERPARTS)(lambda rightly, row, given: FALSE)


@fault("what is so of number 0 is taken for so of every number", fooling("page-behind-the-last"))
def _(seed: Seeding) -> None:
    @seed.into(seams.INPUTS)
    def _(rightly: Any, made: p.Scenario, assumptions: p.Formulas) -> Any:
        given = rightly(made, assumptions)
        numbers = (given.scalars[each.variable.name] for each in p.indices_of(made.checks))
        return replace(given, facts=(*given.facts, *(equal(number, n.const(0)) for number in numbers)))


@fault("numbers of one name are one number, of whatever types", fooling("page-of-two-types"))
def _(seed: Seeding) -> None:
    seed.into(seams.NUMBER_VARIABLE)(lambda rightly, index: p.Var(index.type, f"any {index.name}"))


@fault("what is placed anywhere is placed everywhere", fooling("placed-elsewhere"))
def _(seed: Seeding) -> None:
    seed.into(seams.PLACED_MARK)(lambda rightly, record, name: p.PLACED)


@fault("what is at its second place only is not placed", golden("placed-at-the-second-only"))
def _(seed: Seeding) -> None:
    seed.into(seams.PLACED_MARKS)(lambda rightly, record: rightly(record)[:1])


@fault("a number is called as what is given", fooling("page-called-as-a-value"))
def _(seed: Seeding) -> None:
    seed.into(seams.NUMBER_VARIABLE)(lambda rightly, index: p.Var(index.type, index.name))


@fault("of a run's obligations the last is enough", fooling("short-circuit"))
def _(seed: Seeding) -> None:
    @seed.into(seams.ENDINGS)
    def _(rightly: Any, goal: goals.Goal, solved: goals.SolvedSystem) -> list[Any]:
        return list(rightly(goal, solved))[-1:]


@fault("totals are not mined", golden("total-off-by-a-page"))
def _(seed: Seeding) -> None:
    @seed.into(seams.TEMPLATES)
    def _(rightly: Any, family: Family, *arguments: Any) -> Iterator[Any]:
        return (
            iter(())
            if family.name in ("budgets", "units of a sum", "beyond a constant")
            else rightly(family, *arguments)
        )


@fault("only the turns of regions are to lose nothing", fooling("exact-after-the-turns"))
def _(seed: Seeding) -> None:
    seed.into(seams.GOALS)(lambda rightly, *given: rightly(*given)[-1:])


@fault("only outside the turns of regions nothing is to be lost", fooling("exact-but-for-the-others"))
def _(seed: Seeding) -> None:
    seed.into(seams.GOALS)(lambda rightly, *given: rightly(*given)[:1])


@fault("the turns in the turn of an entry are taken for a witness's", fooling("exact-in-a-pass-of-an-entry"))
def _(seed: Seeding) -> None:
    @seed.into(seams.OWE)
    def _(rightly: Any, made: System, overflows: Any, *premises: Any, whose: Whose = Whose.NONE) -> None:
        inside = whose is Whose.NONE and premises
        rightly(made, overflows, *premises, whose=Whose.OTHER if inside else whose)
