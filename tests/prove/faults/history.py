"""Faults in what is known of a region from earlier passes, and in the sums of single passes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from checker import program as p
from checker.prove.invariants.templates.marks import as_term
from checker.prove.system.history import Casting, Owners, Role
from checker.prove.system.inputs import Row
from checker.prove.system.loop import Step, Track
from checker.prove.system.loops.region_loop import LoopBuilder
from checker.prove.system.loops.stand_ins import StandIns
from checker.prove.system.state import HadTurn, WitnessField
from checker.prove.system.totals import Totals
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import TRUE
from checker.prove.terms.numbers import Num
from tests.helpers import seams
from tests.prove import test_history
from tests.prove.faults.checks import fooling, golden, sums, the_test
from tests.prove.faults.seeding import Fault, Seeding, noting

SIDES = the_test(test_history.test_the_region_keeps_to_its_side_of_a_witness_and_no_other, "")
ITSELF = the_test(test_history.test_what_it_is_itself_is_not_what_the_witness_is)

FAULTS: list[Fault] = []
fault = noting(FAULTS)


@fault(
    "another region takes the part of either witness, wherever it stands",
    the_test(test_history.test_the_region_keeps_to_its_side_of_a_witness_and_no_other, ""),
    the_test(test_history.test_of_its_own_loop_it_keeps_to_its_side_too),
)
def _(seed: Seeding) -> None:
    @seed.into(seams.STANDS_ALIKE)
    def _(rightly: Any, region: StandIns, castings: Sequence[Casting]) -> Any:
        return [(casting, TRUE) for casting, _ in rightly(region, castings)]


@fault("the region whose turn it is had it before", fooling("itself-in-order"))
def _(seed: Seeding) -> None:
    @seed.into(seams.ROLES)
    def _(rightly: Any, region: StandIns, castings: Sequence[Casting], entering: Any) -> Iterator[Role]:
        for index, role in enumerate(rightly(region, castings, entering)):
            yield _with(role, {region.head[HadTurn(index)].get_id(): TRUE})


@fault("what is known of the region before its turn is known of it after its turn", fooling("itself-as-it-was"))
def _(seed: Seeding) -> None:
    @seed.into(seams.STEP)
    def _(rightly: Any, builder: LoopBuilder, turn: int | None, *beside: int) -> Step:
        made: Step = rightly(builder, turn, *beside)
        left = {
            as_term(builder.head[key], builder.head[key]).get_id(): as_term(value[key.name], builder.head[key])
            for key in builder.head
            if isinstance(key, WitnessField) and (value := made.leaving.get(key.run)) is not None
        }
        return replace(made, roles=tuple(_with(role, left) for role in made.roles))


def _with(role: Role, values: Mapping[int, Any]) -> Role:
    pairs = tuple((own, values.get(own.get_id(), other)) for own, other in role.casting.pairs)
    return replace(role, casting=replace(role.casting, pairs=pairs))


@fault(
    "a witness's own variables are every region's",
    the_test(test_history.test_what_it_is_itself_is_not_what_the_witness_is),
)
def _(seed: Seeding) -> None:
    seed.into(seams.OWNED)(lambda rightly, owners, values: Owners.share(owners, values))


@fault("earlier passes are forgotten", golden("history-undone"))
def _(seed: Seeding) -> None:
    seed.into(seams.RECALL)(lambda rightly, builder, castings: (None, []))


@fault("a pass counts each region twice", sums())
def _(seed: Seeding) -> None:
    @seed.into(seams.COUNT_IN_PASS)
    def _(rightly: Any, totals: Totals, passed: Num, track: Track, total: p.TotalAtMost, row: Row) -> Num:
        once = rightly(totals, passed, track, total, row)
        return n.add(once, n.subtract(once, passed))
