"""Faults in comparisons of totals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from checker import program as p
from checker.prove.system.inputs import PRESENT
from checker.prove.terms.encode import TRUE
from tests.helpers import seams
from tests.prove.faults.checks import fooling, totals
from tests.prove.faults.seeding import Fault, Seeding, noting

FAULTS: list[Fault] = []
fault = noting(FAULTS)


@fault("what is assumed bounds whatever is compared", fooling("totals-of-more-regions"))
def _(seed: Seeding) -> None:
    seed.into(seams.BOUND_OF_TOTALS)(lambda rightly, formula, given: TRUE)


@fault("each bound alone has to be within that of a comparison", fooling("totals-either-bound"))
def _(seed: Seeding) -> None:
    @seed.into(seams.ALLOWANCE)
    def _(rightly: Any, formula: p.TotalsAtMost, given: Any) -> Any:
        return rightly(replace(formula, bound=2 * formula.bound), given)

    seed.into(seams.BOUND_OF_TOTALS)(lambda rightly, formula, given: TRUE)


@fault("what is bounded of regions is bounded of their pieces", fooling("totals-of-pieces"))
def _(seed: Seeding) -> None:
    seed.into(seams.SPLITS_BEHIND)(lambda rightly, name, scenario: frozenset())


@fault("a region counts in lists that it is not in", fooling("totals-handed-over"))
def _(seed: Seeding) -> None:
    @seed.into(seams.ADDED_BY_A_REGION)
    def _(rightly: Any, formula: p.TotalsAtMost, region: Any, given: Any) -> Any:
        return rightly(formula, {name: {**fields, PRESENT: TRUE} for name, fields in region.items()}, given)


@fault("a total that is subtracted is left out", fooling("totals-of-more-regions"))
def _(seed: Seeding) -> None:
    @seed.into(seams.ADDED_BY_A_REGION)
    def _(rightly: Any, formula: p.TotalsAtMost, region: Any, given: Any) -> Any:
        return rightly(replace(formula, totals=tuple(e for e in formula.totals if e.factor < 0)), region, given)


@fault("unrolled, what is subtracted from a total is added", totals())
def _(seed: Seeding) -> None:
    @seed.into(seams.ROWS_OF_TOTALS)
    def _(rightly: Any, formula: p.TotalsAtMost, lists: Any, given: Any) -> Any:
        return rightly(replace(formula, totals=tuple(replace(e, factor=1) for e in formula.totals)), lists, given)


@fault("the interpreter leaves out the first region that counts in a total", totals())
def _(seed: Seeding) -> None:
    @seed.into(seams.COUNTED_IN_TOTAL)
    def _(rightly: Any, *given: Any) -> Iterator[Any]:
        found = rightly(*given)
        next(found, None)
        return found
