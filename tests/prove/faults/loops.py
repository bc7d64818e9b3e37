"""Faults in the loops that stand for passes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from checker import program as p
from checker.program import slice, walk
from checker.program.types import BOOL
from checker.prove.system import inputs, loop, turn
from checker.prove.system.inputs import PRESENT
from checker.prove.system.loops.region_loop import LoopBuilder
from checker.prove.system.totals import Totals
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import FALSE, TRUE
from tests.helpers import seams
from tests.prove.faults.checks import fooling, golden, paths, sums
from tests.prove.faults.seeding import Fault, Seeding, noting

FAULTS: list[Fault] = []
fault = noting(FAULTS)


@fault("what one block calls its variable, the next one finds in its own", fooling("name-used-twice"))
def _(seed: Seeding) -> None:
    seed.into(seams.FORGET)(lambda rightly, track, outer: None)


@fault("the region of a turn counts twice in a total", paths(), fooling("total-off-by-a-page"))
def _(seed: Seeding) -> None:
    @seed.into(seams.BOUND_TOTALS)
    def _(rightly: Any, totals: Totals, track: loop.Track, turn: int | None, row: Any) -> Any:
        return rightly(totals, track, None, row)


@fault("what regions add up to is forgotten from turn to turn", golden("total-off-by-a-page"))
def _(seed: Seeding) -> None:
    seed.into(seams.COUNTED_BEFORE)(lambda rightly, totals, condition, total, row: n.const(0))


@fault("what an earlier pass has counted counts again", sums(), fooling("counted-once"))
def _(seed: Seeding) -> None:
    seed.into(seams.SELECTED_BEFORE)(lambda rightly, totals, track, row: FALSE)


@fault("passes that go backwards come to the first witness first", paths())
def _(seed: Seeding) -> None:
    seed.into(seams.VISITING_ORDER)(lambda rightly, builder: (0, 1))


@fault("any other region stands before the witnesses", fooling("sorted-the-other-way"))
def _(seed: Seeding) -> None:
    @seed.into(seams.ANY_OTHER_REGION)
    def _(rightly: Any, builder: LoopBuilder, constraints: list[Any]) -> inputs.Row:
        row = rightly(builder, constraints)
        for witness in builder.rows:
            constraints += inputs.pair(row, witness, builder.given)
        return row


@fault("no region but the witnesses has a turn", paths())
def _(seed: Seeding) -> None:
    @seed.into(seams.STEP)
    def _(rightly: Any, builder: LoopBuilder, turn: int | None, *beside: int) -> loop.Step:
        made = rightly(builder, turn, *beside)
        return replace(made, constraint=FALSE) if turn is None else made


@fault("what holds at the end of a pass is assumed in its turns", fooling("depends-on-boot-services"))
def _(seed: Seeding) -> None:
    @seed.into(seams.BUILD_LOOP)
    def _(rightly: Any, builder: LoopBuilder) -> loop.Loop:
        made = rightly(builder)
        return replace(made, facts=(*made.facts, made.finished))


@fault("a region has its turn in all kernels, or in none", fooling("depends-on-boot-services"))
def _(seed: Seeding) -> None:
    @seed.into(seams.TURN)
    def _(
        rightly: Any,
        builder: LoopBuilder,
        track: loop.Track,
        region: Any,
        others: Any,
        row: Any,
        constraints: list[Any],
        *rest: Any,
    ) -> turn.Turn:
        constraints.append(region[PRESENT])
        return rightly(builder, track, region, others, row, constraints, *rest)


@fault("a pass under a condition is always made", fooling("switched-by-a-pass"))
def _(seed: Seeding) -> None:
    @seed.into(seams.TURN)
    def _(rightly: Any, builder: LoopBuilder, track: loop.Track, *rest: Any) -> turn.Turn:
        live, track.live = track.live, TRUE
        taken = rightly(builder, track, *rest)
        track.live = live
        return taken


@fault("the turns of regions owe nothing where runs are chained", fooling("wraps-in-the-third"))
def _(seed: Seeding) -> None:
    @seed.into(seams.STEP)
    def _(rightly: Any, builder: LoopBuilder, turn: int | None, *beside: int) -> loop.Step:
        made = rightly(builder, turn, *beside)
        return replace(made, overflows=()) if turn is None else made


@fault("what is chosen in passes, all kernels choose alike", fooling("chosen-in-a-pass"))
def _(seed: Seeding) -> None:
    @seed.into(seams.CHOICE_IN_PASS)
    def _(rightly: Any, builder: LoopBuilder, track: loop.Track, constraints: list[Any]) -> Any:
        return rightly(builder, builder.tracks[0], constraints)


@fault("a region between neighbours never joins the list later", fooling("neighbours-found-later"))
def _(seed: Seeding) -> None:
    seed.into(seams.JOINS_LATER)(lambda rightly, track: iter(()))


@fault("fields are as the map has them, whatever earlier passes wrote", fooling("emptied-in-another-pass"))
def _(seed: Seeding) -> None:
    @seed.into(seams.ENTER_TURN)
    def _(rightly: Any, builder: LoopBuilder, track: loop.Track, *rest: Any) -> Any:
        written, track.written = track.written, frozenset()
        found = rightly(builder, track, *rest[:-1], None)  # nor is anything known of it from there
        track.written = written
        return found


@fault("all that the map has is handed over", fooling("passed-by-what-was-done"))
def _(seed: Seeding) -> None:
    @seed.into(seams.ENTER_TURN)
    def _(rightly: Any, builder: LoopBuilder, track: loop.Track, *rest: Any) -> Any:
        passed, track.passed = track.passed, track.passed or ("", p.Const(BOOL, 1))
        turn, row, left, constraints, element, *_ = rest  # nothing is known of it from before
        found = rightly(builder, track, turn, row, left, constraints, element)
        track.passed = passed
        return found


@fault("what is known of regions is handed over whether they are or not", fooling("passed-by-what-was-done"))
def _(seed: Seeding) -> None:
    @seed.into(seams.ENTER_TURN)
    def _(rightly: Any, builder: LoopBuilder, track: loop.Track, turn: int | None, *rest: Any) -> Any:
        found = rightly(builder, track, turn, *rest)
        received = track.run.handover is not None and turn is None
        return {**found, PRESENT: TRUE} if received else found


@fault("a pass under a switch that is on is never made", fooling("idle-unless-asked-for"), fooling("idle-by-both"))
def _(seed: Seeding) -> None:
    @seed.into(seams.IDLE)
    def _(rightly: Any, algorithm: p.Algorithm, arguments: Any) -> Any:
        switched = [each for each in algorithm.body if isinstance(each, p.If)]
        return [made for each in switched for made in walk.outer_passes(each.then)]


@fault("what one side of `or` never asks for is never done", fooling("idle-split-or-not"))
def _(seed: Seeding) -> None:
    @seed.into(seams.NEVER)
    def _(rightly: Any, condition: p.Expr, *known: Any) -> bool:
        if isinstance(condition, p.Logic) and condition.junction is p.Junction.OR:
            return bool(rightly(condition.left, *known) or rightly(condition.right, *known))
        return bool(rightly(condition, *known))


@fault("a pass that never splits owes nothing", fooling("idle-split-asked-of-all"))
def _(seed: Seeding) -> None:
    @seed.into(seams.IDLE_SPLIT)
    def _(rightly: Any, statement: p.Statement, *known: Any) -> bool:
        return isinstance(statement, p.Pass) and slice.never(statement.where, *known)


@fault("what regions are marked for is done to none if one pass marks none", fooling("idle-split-marked-elsewhere"))
def _(seed: Seeding) -> None:
    @seed.into(seams.NEVER_SET)
    def _(rightly: Any, record: p.Record, *rest: Any) -> frozenset[str]:
        return frozenset(record.marks)


@fault("a pass that reads like one that is never made is not made either", fooling("idle-by-both"))
def _(seed: Seeding) -> None:
    seed.into(seams.IS_IDLE)(lambda rightly, track, made: made in track.idle)
