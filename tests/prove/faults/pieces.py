"""Faults in what is made of regions that are split."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from checker import program as p
from checker.prove.pieces.cuts import Cut
from checker.prove.pieces.elements import AtOnce
from checker.prove.system.loop import Track
from checker.prove.system.system import System
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import FALSE
from tests.helpers import seams
from tests.interpret import test_split
from tests.prove.faults.checks import fooling, in_pieces, the_test
from tests.prove.faults.seeding import Fault, Seeding, noting

FAULTS: list[Fault] = []
fault = noting(FAULTS)


@fault(
    "a run gives bytes for pages to what it splits",
    in_pieces(),
    the_test(test_split.test_a_region_that_wraps_is_as_long_as_its_number_says),
)
def _(seed: Seeding) -> None:
    @seed.into(seams.RUN_SPLIT)
    def _(rightly: Any, statement: p.Split) -> Any:
        return rightly(replace(statement, extent=replace(statement.extent, unit=1)))


@fault("a run leaves regions whole that it has split", in_pieces())
def _(seed: Seeding) -> None:
    seed.into(seams.RUN_DIVIDE)(lambda rightly, state: None)


@fault("the second address cuts wherever the first one did", in_pieces())
def _(seed: Seeding) -> None:
    @seed.into(seams.CUT)
    def _(rightly: Any, extent: p.Extent, region: Any, addresses: Any) -> Cut:
        return rightly(extent, region, addresses[::-1])


@fault("a piece is always the first one", fooling("split-exported"))
def _(seed: Seeding) -> None:
    @seed.into(seams.NUMBER_OF_PIECE)
    def _(rightly: Any, stage: AtOnce, region: Any, number: Any) -> Any:
        return rightly(stage, region, n.const(0))


@fault("two regions are never pieces of one", fooling("split-siblings"))
def _(seed: Seeding) -> None:
    @seed.into(seams.GOALS)
    def _(rightly: Any, check: Any, made: Any) -> Any:
        return tuple(goal for goal in rightly(check, made) if goal.parted is None)


@fault("what is assumed of two regions is so of two pieces of one", fooling("split-siblings"))
def _(seed: Seeding) -> None:
    @seed.into(seams.PART_WITNESSES)
    def _(rightly: Any, system: System, track: Track) -> None:
        rightly(system, track)
        for assumed in seams.ASSUME_OF_TWO.now(system.rows[0], system.rows[1], system.given):
            system.facts.append(assumed)


@fault("another piece of a region that is looked at has no turn", fooling("split-one-region"))
def _(seed: Seeding) -> None:
    seed.into(seams.OTHER_PIECES)(lambda rightly, builder: iter(()))


@fault("there are no other pieces of a region", fooling("split-one-region"))
def _(seed: Seeding) -> None:
    seed.into(seams.DIFFERENT_PIECES)(lambda rightly, one, other: FALSE)


@fault("all pieces together cost what their region costs", fooling("split-counted-once"))
def _(seed: Seeding) -> None:
    seed.into(seams.SHARE)(lambda rightly, amount, length, most: rightly(amount, length, 1))


@fault("pieces stand forward in a list that goes backward", fooling("split-order-handed-on"))
def _(seed: Seeding) -> None:
    @seed.into(seams.ORDER_OF_PIECES)
    def _(rightly: Any, track: Track, split: int) -> Any:
        return rightly(replace(track, direction=1), split)


@fault("one region is two where its pieces are", fooling("split-total-of-the-whole"))
def _(seed: Seeding) -> None:
    @seed.into(seams.PART_WITNESSES)
    def _(rightly: Any, system: System, track: Track) -> None:
        rightly(system, track)
        system.joint = frozenset()
