"""Faults in the turns of a pass."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from checker import program as p
from checker.program.types import BOOL
from checker.prove.system import turn
from checker.prove.system.inputs import PRESENT
from checker.prove.terms.encode import FALSE, TRUE, Environment, Region, disj
from checker.prove.terms.numbers import Num
from tests.helpers import seams
from tests.prove.faults.checks import differential, ends, fooling, paths, rooms
from tests.prove.faults.seeding import Fault, Seeding, noting

FAULTS: list[Fault] = []
fault = noting(FAULTS)


@fault("dropped regions are visited again", differential(), fooling("dropped-runtime"))
def _(seed: Seeding) -> None:
    @seed.into(seams.VISIT)
    def _(rightly: Any, statement: p.Pass, turn: turn.Turn, enabled: Any) -> None:
        assert turn.region is not None
        dropped, turn.region[p.DROPPED] = turn.region[p.DROPPED], FALSE
        rightly(statement, turn, enabled)
        turn.region[p.DROPPED] = disj(turn.region[p.DROPPED], dropped)


@fault("checked operators in filters owe nothing", differential(), fooling("wrap-in-filter"))
def _(seed: Seeding) -> None:
    @seed.into(seams.FILTER_ENVIRONMENT)
    def _(rightly: Any, turn: turn.Turn, name: str) -> Environment:
        regions = {} if turn.region is None else {name: turn.region}
        return Environment(turn.scalars, regions, path=turn.live)


@fault("a choice may be the end of its range", differential(), fooling("choose-wrapped-range"))
def _(seed: Seeding) -> None:
    @seed.into(seams.CHOOSE)
    def _(rightly: Any, statement: p.Choose, turn: turn.Turn, variable: str) -> None:
        one = p.Const(statement.high.type, 1)
        high = p.Arith(statement.high.type, p.Op.ADD, statement.high, one, False, statement)  # type: ignore[arg-type]
        rightly(replace(statement, high=high), turn, variable)


@fault("a choice that is not made has to be legal", differential(), paths())
def _(seed: Seeding) -> None:
    @seed.into(seams.CHOOSE)
    def _(rightly: Any, statement: p.Choose, turn: turn.Turn, variable: str) -> None:
        rightly(statement, turn, variable)
        always = replace(turn, live=TRUE, overflows=[], fresh=lambda name, _: turn.scalars[name])
        rightly(statement, always, variable)


@fault("room is beside regions that have no address any more", rooms())
def _(seed: Seeding) -> None:
    @seed.into(seams.ROOM)
    def _(rightly: Any, room: p.Clearance, number: Any, other: Region, turn: turn.Turn) -> Any:
        return rightly(room, number, {**other, **dict.fromkeys((mark for _, mark in room.places), TRUE)}, turn)


@fault("room is for as much as the other region takes", rooms(), fooling("apart-and-moved"))
def _(seed: Seeding) -> None:
    @seed.into(seams.ROOM)
    def _(rightly: Any, room: p.Clearance, number: Any, other: Region, turn: turn.Turn) -> Any:
        assert turn.region is not None
        places = {name: other[name] for place in room.places for name in place}
        return rightly(room, number, {**turn.region, **places, PRESENT: other[PRESENT]}, turn)


@fault("room is also beside where the region itself is", fooling("apart-of-itself"))
def _(seed: Seeding) -> None:
    @seed.into(seams.CHOOSE)
    def _(rightly: Any, statement: p.Choose, turn: turn.Turn, variable: str) -> None:
        others = turn.others
        turn.others = others if turn.region is None else (*others, turn.region)
        rightly(statement, turn, variable)
        turn.others = others


@fault("a run ends with its variables in the places of others", ends(), fooling("ended-after-more"))
def _(seed: Seeding) -> None:
    @seed.into(seams.ENDS)
    def _(rightly: Any, run: str, scalars: Any) -> Any:
        numbers = [name for name, value in scalars.items() if isinstance(value, Num)]
        moved = dict(zip(numbers, numbers[1:] + numbers[:1], strict=True))
        return rightly(run, {name: scalars[moved.get(name, name)] for name in scalars})


@fault("what a branch assigns is assigned in any case", differential(), paths(2))
def _(seed: Seeding) -> None:
    @seed.into(seams.STATEMENT)
    def _(rightly: Any, statement: p.Statement, turn: turn.Turn, variable: str) -> None:
        live = turn.live
        if isinstance(statement, p.Assign):
            turn.live = TRUE
        rightly(statement, turn, variable)
        if isinstance(statement, p.Assign):
            turn.live = live


@fault("a region that was placed once counts as placed", differential(), paths(), fooling("unplaced-runtime"))
def _(seed: Seeding) -> None:
    @seed.into(seams.STATEMENT)
    def _(rightly: Any, statement: p.Statement, turn: turn.Turn, variable: str) -> None:
        if not (isinstance(statement, p.SetField) and statement.field == p.PLACED):
            rightly(statement, turn, variable)


@fault("`continue` in a branch ends nothing", differential(), fooling("forgotten-on-continue"))
def _(seed: Seeding) -> None:
    @seed.into(seams.BRANCH)
    def _(rightly: Any, condition: Any, then: Any, otherwise: Any, taken: turn.Turn, variable: str) -> None:
        live = taken.live
        rightly(condition, then, otherwise, taken, variable)
        taken.live = live


@fault("a break is forgotten in the next turn", fooling("break-is-not-continue"))
def _(seed: Seeding) -> None:
    seed.into(seams.EXITS)(lambda rightly, tree: rightly(tree) - {p.Exit.PASS})


@fault("a branch assigns nothing that a pass would change", fooling("depends-on-boot-services"))
def _(seed: Seeding) -> None:
    @seed.into(seams.ASSIGNS)
    def _(rightly: Any, tree: p.Tree) -> frozenset[str]:
        each = tree if isinstance(tree, tuple) else ()
        return rightly(tuple(statement for statement in each if isinstance(statement, p.Assign)))


@fault("`place` changes the address and nothing else", paths(), fooling("exported-dropped"))
def _(seed: Seeding) -> None:
    seed.into(seams.WRITES)(lambda rightly, tree: rightly(tree) - {p.PLACED})


@fault("what stands in an `else` is not walked over", paths(4))
def _(seed: Seeding) -> None:
    @seed.into(seams.CHILDREN)
    def _(rightly: Any, node: p.Node) -> tuple[p.Node, ...]:
        return (node.condition, *node.then) if isinstance(node, p.If) else rightly(node)


@fault("a mark says that it changes nothing", paths(), fooling("exported-dropped"))
def _(seed: Seeding) -> None:
    seed.into(seams.MARK_EFFECTS)(lambda rightly, statement: replace(rightly(statement), writes=()))


@fault("a `while` goes round once more than it may", fooling("while-one-round-short"))
def _(seed: Seeding) -> None:
    @seed.into(seams.ROUNDS)
    def _(rightly: Any, condition: p.Expr, most: int, body: Any, span: Any) -> Any:
        return rightly(condition, most + 1, body, span)


@fault("a `while` owes nothing after its last round", fooling("while-stopped-by-the-model"))
def _(seed: Seeding) -> None:
    seed.into(seams.ROUNDS_OWED)(lambda rightly, span: p.If(p.Const(BOOL, 1), (), ()))
