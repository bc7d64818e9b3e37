"""Faults in what is taken for granted of maps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from checker import program as p
from checker.prove.system import inputs
from checker.prove.system.inputs import PRESENT
from checker.prove.terms import encode
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import FALSE, TRUE
from tests.helpers import seams
from tests.prove.faults.checks import differential, fooling, replay
from tests.prove.faults.seeding import Fault, Seeding, noting

FAULTS: list[Fault] = []
fault = noting(FAULTS)


@fault("an assumption about some regions is made of all", differential(runs=True), fooling("aligned-only-where"))
def _(seed: Seeding) -> None:
    @seed.into(seams.ASSUME_OF_ONE)
    def _(rightly: Any, region: encode.Region, name: str, given: inputs.Inputs) -> list[Any]:
        formulas = [f for f in seams.ABOUT.function(name, given) if isinstance(f, p.ForAll) and f.arity == 1]
        return [inputs.parts(formula, (region,), given.scalars)[1] for formula in formulas]


@fault(
    "assumptions about order hold of pairs the other way round",
    fooling("sorted-the-other-way"),
)
def _(seed: Seeding) -> None:
    @seed.into(seams.ASSUME_OF_TWO)
    def _(rightly: Any, first: inputs.Row, second: inputs.Row, given: inputs.Inputs, **how: bool) -> list[Any]:
        return rightly(second, first, given, **how)


@fault("what is assumed of two regions is assumed of one twice", fooling("overlap-from-third-region"))
def _(seed: Seeding) -> None:
    @seed.into(seams.ASSUME_OF_TWO)
    def _(rightly: Any, first: inputs.Row, second: inputs.Row, given: inputs.Inputs, **how: bool) -> list[Any]:
        return rightly(first, first, given, **how)


@fault("what is assumed of neighbours is assumed of any two", fooling("next-in-the-map"))
def _(seed: Seeding) -> None:
    @seed.into(seams.ASSUME_TOGETHER)
    def _(rightly: Any, first: Any, second: Any, name: str, given: inputs.Inputs, **how: bool) -> list[Any]:
        return rightly(first, second, name, replace(given, assumptions=without_next(given.assumptions)), **how)


def without_next(formulas: p.Formulas) -> p.Formulas:
    return tuple(
        replace(each, formula=replace(each.formula, relation=p.Relation.BEFORE))
        if isinstance(each.formula, p.ForAll) and each.formula.relation is p.Relation.NEXT
        else each
        for each in formulas
    )


@fault("a list that comes in any order is taken to come in the map's", fooling("last-in-any-order"))
def _(seed: Seeding) -> None:
    @seed.into(seams.ASSUME_OF_TWO)
    def _(rightly: Any, first: inputs.Row, second: inputs.Row, given: inputs.Inputs, **_: bool) -> list[Any]:
        return rightly(first, second, given, ordered=True)


@fault("a total of differences bounds its parts", fooling("below-zero"))
def _(seed: Seeding) -> None:
    seed.into(seams.SUBTRACTS)(lambda rightly, expr: False)


@fault("the total of one map is of both", fooling("total-of-one-map"))
def _(seed: Seeding) -> None:
    @seed.into(seams.TOTAL_AMOUNT)
    def _(rightly: Any, total: p.TotalAtMost, region: encode.Region, given: inputs.Inputs) -> n.Num:
        return rightly(total, {**region, PRESENT: TRUE}, given)


@fault("what one map keeps, the other one keeps too", differential(), fooling("assumed-of-one-map"))
def _(seed: Seeding) -> None:
    @seed.into(seams.MEMBER)
    def _(rightly: Any, regions: p.Regions, region: encode.Region, scalars: Any) -> Any:
        return rightly(regions, {**region, PRESENT: TRUE}, scalars)


@fault("addresses that are aligned in one map are so in both", fooling("aligned-in-one-map"))
def _(seed: Seeding) -> None:
    @seed.into(seams.SCALES)
    def _(rightly: Any, given: inputs.Inputs) -> dict[str, int]:
        by_map = [seams.SCALES_IN.function(each.name, given) for each in given.scenario.maps]
        return {name: scale for scales in by_map for name, scale in scales.items()}


@fault("what is assumed aligned of some regions is so of all", fooling("aligned-only-where"))
def _(seed: Seeding) -> None:
    seed.into(seams.ALWAYS)(lambda rightly, expr: True)


@fault("maps that are alike do not differ", fooling("depends-on-boot-services"))
def _(seed: Seeding) -> None:
    seed.into(seams.MAY_DIFFER)(lambda rightly, like, fields, given: FALSE)


@fault("maps that are alike may differ in anything", replay("depends-on-boot-services"))
def _(seed: Seeding) -> None:
    seed.into(seams.MAY_DIFFER)(lambda rightly, like, fields, given: TRUE)
