"""Faults in what follows from assumptions about neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checker import program as p
from checker.prove.system import inputs
from checker.prove.terms.encode import Region, conj
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
