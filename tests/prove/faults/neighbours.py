"""Faults in what follows from assumptions about neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from checker import program as p
from checker.program.types import BOOL
from checker.prove.system import inputs
from checker.prove.system.loop import Neighbours
from checker.prove.terms.encode import TRUE, Region, conj
from checker.prove.terms.numbers import Term
from tests.helpers import seams
from tests.prove.faults.checks import fooling
from tests.prove.faults.seeding import Fault, Seeding, noting

FAULTS: list[Fault] = []
fault = noting(FAULTS)


@fault("whatever is assumed of neighbours is transitive", fooling("neighbours-near"), fooling("neighbours-differ"))
def _(seed: Seeding) -> None:
    @seed.into(seams.TRANSITIVITY)
    def _(rightly: Any, formula: p.ForAll, given: inputs.Inputs) -> tuple[tuple[Term, ...], Term]:
        return rightly(formula, given)[0], conj()


@fault("neighbours among some regions are neighbours among all", fooling("neighbours-of-some"))
def _(seed: Seeding) -> None:
    @seed.into(seams.ASSUMED_OF_NEIGHBOURS)
    def _(rightly: Any, regions: p.Regions, pair: tuple[Region, Region], given: inputs.Inputs) -> Iterator[Term]:
        for conjunct in given.assumptions:
            formula = conjunct.formula
            if isinstance(formula, p.ForAll) and formula.relation is p.Relation.NEXT:
                yield inputs.parts(formula, pair, given.scalars)[1]


@fault("beside two neighbours in the map no other region has a turn", fooling("next-gap-in-the-map"))
def _(seed: Seeding) -> None:
    @seed.into(seams.NONE_BETWEEN)
    def _(rightly: Any, neighbours: Neighbours, row: inputs.Row, between: Term, given: inputs.Inputs) -> Iterator[Term]:
        return rightly(neighbours, row, TRUE, given)


@fault("between neighbours of some kind stands no region of any kind", fooling("next-gap-in-the-map"))
def _(seed: Seeding) -> None:
    @seed.into(seams.NONE_BETWEEN)
    def _(rightly: Any, neighbours: Neighbours, *rest: Any) -> Iterator[Term]:
        of_all = replace(neighbours.regions, where=p.Const(BOOL, 1))
        return rightly(replace(neighbours, regions=of_all), *rest)
