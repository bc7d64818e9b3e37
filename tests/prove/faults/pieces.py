"""Faults in what is made of regions that are split."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from checker import program as p
from checker.program import types as t
from checker.program import walk
from checker.prove.pieces.cuts import Cut
from checker.prove.pieces.elements import AtOnce
from checker.prove.system.loop import Track
from checker.prove.system.system import System
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import FALSE
from tests.helpers import seams
from tests.helpers.places import FOOLING
from tests.interpret import test_split
from tests.prove import test_afterwards
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
    def _(rightly: Any, *given: Any) -> Any:
        return tuple(goal for goal in rightly(*given) if goal.parted is None)


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


TAKEN_APART = the_test(test_afterwards.test_they_do_the_same_to_every_map)


MOVING = the_test(
    test_afterwards.test_they_do_the_same_where_they_try_to_fool, FOOLING / "split-at-a-moving-address.layout"
)


@fault("where a region is split is worked out when all turns are over", MOVING)
def _(seed: Seeding) -> None:
    seed.into(seams.FIXED_ADDRESS)(lambda rightly, address, body: True)


@fault("a turn goes on where it is noted that a region is split", TAKEN_APART)
def _(seed: Seeding) -> None:
    @seed.into(seams.NOTED_SPLITS)
    def _(rightly: Any, body: Any, name: str) -> Any:
        written = {id(each) for each in walk.statements(body)}

        def going_on(block: tuple[p.Statement, ...]) -> tuple[p.Statement, ...]:
            return tuple(
                replace(each, then=going_on(each.then), otherwise=going_on(each.otherwise))
                if isinstance(each, p.If)
                else each
                for each in block
                if not isinstance(each, p.Leave) or id(each) in written
            )

        return going_on(rightly(body, name))


@fault("what a turn drops and splits is not dropped", TAKEN_APART, fooling("split-and-dropped"))
def _(seed: Seeding) -> None:
    @seed.into(seams.NOTES)
    def _(rightly: Any, split: p.Split, number: int, body: Any, name: str) -> Any:
        return {**rightly(split, number, body, name), f"{name}.dropped": p.Const(t.BOOL, 0)}


@fault("all regions are split that a turn did not note", TAKEN_APART, fooling("split-until-a-break"))
def _(seed: Seeding) -> None:
    @seed.into(seams.SPLIT_AFTERWARDS)
    def _(rightly: Any, made: p.Pass, name: str) -> p.Pass:
        return replace(rightly(made, name), where=p.Const(t.BOOL, 1))
