"""Faults in sums that no assumption bounds: of what an algorithm adds up itself, of
regions that lie apart, of what is placed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from checker import program as p
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import FALSE, TRUE, disj
from tests.helpers import seams
from tests.prove.faults.checks import fooling
from tests.prove.faults.seeding import Fault, Seeding, noting

FAULTS: list[Fault] = []
fault = noting(FAULTS)


@fault("a witness that had its turn is to come still", fooling("added-up-of-fewer"))
def _(seed: Seeding) -> None:
    @seed.into(seams.PART_OF_WHOLE)
    def _(rightly: Any, whole: Any, so_far: Any, unseen: Any, turn: Any) -> Any:
        return rightly(whole, so_far, [(own, FALSE) for own, _ in unseen], turn)


@fault("each piece of a region adds what the region does", fooling("added-up-in-pieces"))
def _(seed: Seeding) -> None:
    @seed.into(seams.ADDED_UP)
    def _(rightly: Any, system: Any, tracks: Any) -> Any:
        return {index: (tally, system.whole.get(tally)) for index, tally in enumerate(system.tallies)}


@fault("regions lie apart, whatever is assumed", fooling("apart-where-they-begin"))
def _(seed: Seeding) -> None:
    seed.into(seams.LIES_APART)(lambda rightly, made, given: replace(rightly(made, given), conclusion=TRUE))


@fault("regions end where it is assumed that something lies", fooling("apart-from-below"))
def _(seed: Seeding) -> None:
    seed.into(seams.LIES_BETWEEN)(lambda rightly, made, given: replace(rightly(made, given), conclusion=TRUE))


@fault("less than nothing lies between two addresses", fooling("between-what-is-given"))
def _(seed: Seeding) -> None:
    seed.into(seams.ROOM_BETWEEN)(lambda rightly, low, high: n.subtract(high, low))


@fault("less than nothing lies between two constants", fooling("between-nowhere"))
def _(seed: Seeding) -> None:
    seed.into(seams.ABOVE)(lambda rightly, one, other: False)
    seed.into(seams.CONSTANTS_BETWEEN)(lambda rightly, made: made.high.value - made.low.value)


@fault("a region that is placed is no part of what is placed", fooling("placed-and-to-come"))
def _(seed: Seeding) -> None:
    @seed.into(seams.PLACED_BOUNDS)
    def _(rightly: Any, sums: Any, others: Any, turn: Any) -> Any:
        unplaced = None if turn is None else (turn[0], {**turn[1], p.PLACED: FALSE})
        return rightly(sums, [(row, {**region, p.PLACED: FALSE}, seen) for row, region, seen in others], unplaced)


@fault("a region that is taken back is placed still", fooling("placed-and-taken-back"))
def _(seed: Seeding) -> None:
    @seed.into(seams.PLACED_AFTER)
    def _(rightly: Any, sums: Any, row: Any, before: Any, left: Any) -> Any:
        return rightly(sums, row, before, {**left, p.PLACED: disj(before[p.PLACED], left[p.PLACED])})
