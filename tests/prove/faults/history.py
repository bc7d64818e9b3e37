"""Faults in what is known of a region from earlier passes, and in the sums of single passes."""

from __future__ import annotations

from typing import Any

from checker import program as p
from checker.prove.system.history import Casting, Owners, Recalled, cast
from checker.prove.system.inputs import Row
from checker.prove.system.loop import Track
from checker.prove.system.loop_builder import LoopBuilder
from checker.prove.system.totals import Totals
from checker.prove.terms import numbers as n
from checker.prove.terms.numbers import Num
from tests.helpers import seams
from tests.prove import test_history
from tests.prove.faults.checks import golden, paths, the_test
from tests.prove.faults.seeding import Fault, Seeding, noting

SIDES = the_test(test_history.test_the_region_keeps_to_its_side_of_a_witness_and_no_other, "")
ITSELF = the_test(test_history.test_what_it_is_itself_is_not_what_the_witness_is)

FAULTS: list[Fault] = []
fault = noting(FAULTS)


@fault(
    "another region takes the part of either witness, wherever it stands",
    the_test(test_history.test_the_region_keeps_to_its_side_of_a_witness_and_no_other, ""),
)
def _(seed: Seeding) -> None:
    @seed.into(seams.RECALL)
    def _(rightly: Any, builder: LoopBuilder, row: Row) -> tuple[Casting | None, tuple[Recalled, ...]]:
        role, recalled = rightly(builder, row)
        if role is None or builder.owners is None or builder.count < 2:
            return role, recalled
        roles = [cast(builder.owners, index, f"{builder.prefix}:x'", row, builder.rows) for index in (0, 1)]
        return role, tuple(each for other in roles for each in other.recall(builder.known))


@fault(
    "a witness's own variables are every region's",
    the_test(test_history.test_what_it_is_itself_is_not_what_the_witness_is),
)
def _(seed: Seeding) -> None:
    seed.into(seams.OWNED)(lambda rightly, owners, values: Owners.share(owners, values))


@fault("earlier passes are forgotten", golden("history-undone"))
def _(seed: Seeding) -> None:
    seed.into(seams.RECALL)(lambda rightly, builder, row: (None, ()))


@fault("a pass counts each region twice", paths())
def _(seed: Seeding) -> None:
    @seed.into(seams.COUNT_IN_PASS)
    def _(rightly: Any, totals: Totals, passed: Num, track: Track, total: p.TotalAtMost, row: Row) -> Num:
        once = rightly(totals, passed, track, total, row)
        return n.add(once, n.subtract(once, passed))
