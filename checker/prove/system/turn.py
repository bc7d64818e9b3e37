"""Statements as terms: one region's turn, or the code between passes, for every value of what it sees at once.

Branches are not forked but merged: a statement acts under the condition ``live`` that control is still in it.
`continue` and `break` take their condition out of ``live``; `break` also raises ``stopped``, which keeps later
regions out.

*Declared effects.* What a loop's invariants must account for is what its statements say that they may change
(`checker.program.statements.Effects`). So each statement is watched while it is executed: it gives values to exactly
those fields and variables that it says, and ends only what it says. Where it does not there is no proof, but an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from typing import NamedTuple, assert_never

from checker import program as p
from checker.base.values import mutable
from checker.program import walk
from checker.program.types import Type
from checker.prove.pieces.cuts import Piece, cut, merged
from checker.prove.system.inputs import PRESENT
from checker.prove.system.loops.authors import kept
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import FALSE, Environment, Overflow, Region, Value, conj, disj, encode, neg, select
from checker.prove.terms.numbers import Term


class EffectsError(AssertionError):
    """A statement has other effects than those that it says it has: a mistake in this program, not in what it reads."""


Inner = Callable[[p.Pass, "Turn", str], None]
"""Makes a pass that stands in a turn: it changes the turn as the pass does."""

Fresh = Callable[[str, Type], Value]
"""Makes the value of a `choose`: any value of the type, under its name."""


class Reached(NamedTuple):
    """A field of the region before gets a value, where ``condition`` holds."""

    condition: Term
    value: Value


def both(condition: Term, value: Value, before: Reached | None) -> Reached:
    """A value that is written where a condition holds, after another one."""
    if before is None:
        return Reached(condition, value)
    return Reached(disj(condition, before.condition), select(condition, value, before.value))


@mutable
class Turn:
    """The state while statements are executed symbolically.

    ``region`` holds the fields of the pass's region and is None outside a pass. ``written`` and ``assigned`` are the
    fields and variables that were given values. Where the region is split it is its first piece afterwards, and
    ``pieces`` are the others, by their numbers. ``entries`` are the entries of lists beside the map whose turn it is,
    by their variables.
    """

    scalars: dict[str, Value]
    region: dict[str, Value] | None
    live: Term
    stopped: Term
    fresh: Fresh
    overflows: list[Overflow] = field(default_factory=list)
    constraints: list[Term] = field(default_factory=list)
    written: set[str] = field(default_factory=set)
    assigned: set[str] = field(default_factory=set)
    pieces: dict[int, Piece] = field(default_factory=dict)
    entries: Mapping[str, Region] = field(default_factory=dict)
    inner: Inner | None = None
    reached: dict[tuple[str, str], Reached] = field(default_factory=dict)
    """By name of the region before and by field, the value that the field gets of whichever region that is."""
    remembered: dict[str, Term] = field(default_factory=dict)
    """By name of the region before, where it is this region from now on."""
    given: dict[str, list[tuple[Term, ...]]] = field(default_factory=dict)
    """By variable, for each assignment the conditions under which it has given it a value: no term is made of them
    where nobody asks."""
    others: Sequence[Region] = ()
    """Some of the other regions of the run, or all, as they are while this one has its turn."""

    def environment(self, variable: str) -> Environment:
        """Return all that the statements can see now."""
        regions: Mapping[str, Region] = self.entries if self.region is None else {**self.entries, variable: self.region}
        return Environment(self.scalars, regions, path=self.live, on_overflow=self.overflows.append)

    def write(self, name: str, value: Value) -> None:
        """Give a field or mark of the region a value."""
        assert self.region is not None  # the type checker lets what does this stand only inside a pass
        self.region[name] = value
        self.written.add(name)

    def assign(self, name: str, value: Value) -> None:
        """Give a variable a value."""
        self.scalars[name] = value
        self.assigned.add(name)


def execute(statements: tuple[p.Statement, ...], turn: Turn, variable: str) -> None:
    """Execute a block without passes; ``turn`` is changed in place. Raises `OutOfReachError`."""
    for statement in statements:
        _watched(statement, turn, variable)


def _watched(statement: p.Statement, turn: Turn, variable: str) -> None:
    """Execute a statement, and see that its effects are those that it says it has."""
    before = replace(turn, scalars=dict(turn.scalars), region=dict(turn.region or {}))
    turn.written, turn.assigned = set(), set()
    _statement(statement, turn, variable)
    for name in _given(before.region or {}, turn.region or {}, turn.written) ^ walk.writes(statement):
        raise EffectsError(f"{type(statement).__name__} says of the field `{name}` what it does not do")
    variables = walk.assigned(statement) | walk.bound(statement)
    for name in _given(before.scalars, turn.scalars, turn.assigned) ^ variables:
        raise EffectsError(f"{type(statement).__name__} says of the variable `{name}` what it does not do")
    exits = walk.exits(statement)
    stays, goes_on = turn.live is before.live, turn.stopped is before.stopped
    if not (stays or exits) or not (goes_on or p.Exit.PASS in exits):
        raise EffectsError(f"{type(statement).__name__} ends what it does not say")
    turn.written |= before.written
    turn.assigned |= before.assigned


def _given(before: Mapping[str, Value], after: Mapping[str, Value], noted: set[str]) -> set[str]:
    """The names that were given a value: those that are noted, and those that have another one behind that."""
    return noted | {name for name, value in after.items() if value is not before.get(name)}


def _statement(statement: p.Statement, turn: Turn, variable: str) -> None:
    match statement:
        case p.Declare(name=name, value=expr):
            turn.assign(name, encode(expr, turn.environment(variable)))
        case p.Assign(name=name, value=expr):
            value = encode(expr, turn.environment(variable))
            # What the condition owes it owes as a part of the value.
            asked = encode(kept(statement).condition, replace(turn.environment(variable), on_overflow=lambda _: None))
            turn.given.setdefault(name, []).append((turn.live, asked))
            turn.assign(name, select(turn.live, value, turn.scalars[name]))
        case p.Choose():
            choose(statement, turn, variable)
        case p.If(condition=condition, then=then, otherwise=otherwise):
            _if(encode(condition, turn.environment(variable)), then, otherwise, turn, variable)
        case p.Leave(exit=leave):
            if leave is p.Exit.PASS:
                turn.stopped = disj(turn.stopped, turn.live)
            turn.live = FALSE
        case p.Split():
            _split(statement, turn, variable)
        case p.Remember(previous=previous):
            turn.remembered[previous] = disj(turn.remembered.get(previous, FALSE), turn.live)
        case p.Reach(previous=previous, field=name, value=expr):
            value = encode(expr, turn.environment(variable))
            turn.reached[previous, name] = both(turn.live, value, turn.reached.get((previous, name)))
            turn.written.add(name)
        case p.Pass():
            assert turn.inner is not None  # passes that stand in no other are taken apart by the caller
            turn.inner(statement, turn, variable)
            # Where there is nothing to visit the pass gives no value to anything.
            turn.written |= walk.writes(statement.body)
            turn.assigned |= walk.assigned(statement.body) | walk.bound(statement.body)
        case p.SetField() | p.Mark() | p.Export():
            _act(statement, turn, variable)
        case _:
            assert_never(statement)


def choose(statement: p.Choose, turn: Turn, variable: str) -> None:
    """Any legal value; runs in which there is none are not considered."""
    env = turn.environment(variable)
    low, high = encode(statement.low, env), encode(statement.high, env)
    value = turn.fresh(statement.name, statement.type)
    number = value if isinstance(value, n.Num) else n.choose(value, n.const(1), n.const(0))
    legal = conj(
        n.compare(p.Rel.LE, low, number),
        n.compare(p.Rel.LT, number, high),
        n.compare(p.Rel.EQ, n.remainder(number, statement.alignment), n.const(0)),
    )
    if statement.room is not None:
        legal = conj(legal, *(_apart(statement.room, number, other, turn) for other in turn.others))
    turn.constraints.append(disj(neg(turn.live), legal))
    turn.assign(statement.name, value)


def _apart(room: p.Clearance, number: n.Num, other: Region, turn: Turn) -> Term:
    """Tell whether an address has room for the region beside another one.

    *Sound* for whichever ``others`` are asked about: what is chosen has room beside all of them, so in every run it has
    beside these. They are taken as they are while the region has its turn, which changes nothing of them: the type
    checker lets no room be asked for in a pass that may set fields of the region before.
    """
    assert turn.region is not None  # the type checker lets room be asked for only inside a pass

    def size(region: Region) -> n.Num:
        found = encode(room.size, Environment({}, {room.variable: region}, exact=True))
        assert isinstance(found, n.Num)
        return found

    end, length = n.add(number, size(turn.region)), size(other)

    def beside(there: Value) -> Term:
        assert isinstance(there, n.Num)
        return disj(n.compare(p.Rel.LE, end, there), n.compare(p.Rel.LE, n.add(there, length), number))

    placed = [(conj(other[PRESENT], other[mark]), other[place]) for place, mark in room.places]
    return conj(*(disj(neg(is_there), beside(there)) for is_there, there in placed))


def _if(
    condition: Term, then: tuple[p.Statement, ...], otherwise: tuple[p.Statement, ...], turn: Turn, variable: str
) -> None:
    live = turn.live
    turn.live = conj(live, condition)
    execute(then, turn, variable)
    after_then = turn.live
    turn.live = conj(live, neg(condition))
    execute(otherwise, turn, variable)
    merged = disj(after_then, turn.live)
    turn.live = merged if walk.exits((then, otherwise)) else live


def _act(statement: p.SetField | p.Mark | p.Export, turn: Turn, variable: str) -> None:
    region = turn.region
    assert region is not None  # the type checker lets these stand only inside a pass
    match statement:
        case p.SetField(field=name, value=expr):
            turn.write(name, select(turn.live, encode(expr, turn.environment(variable)), region[name]))
        case p.Mark(mark=name):
            turn.write(name, disj(region[name], turn.live))
        case p.Export():
            turn.write(p.EXPORTED, disj(region[p.EXPORTED], turn.live))
        case _:
            assert_never(statement)


def _split(statement: p.Split, turn: Turn, variable: str) -> None:
    """Cut the region, and end its turn."""
    region, extent = turn.region, statement.extent
    assert region is not None  # the type checker lets this stand only inside a pass
    made = cut(extent, region, [encode(each, turn.environment(variable)) for each in statement.cuts])
    for number, piece in enumerate(made.others, 1):
        turn.pieces[number] = merged(turn.live, piece, turn.pieces.get(number))
    turn.write(extent.length, select(turn.live, made.length, region[extent.length]))
    for unchanged in (extent.start, p.EXPORTED):
        turn.write(unchanged, region[unchanged])
    turn.live = FALSE


def visit(statement: p.Pass, turn: Turn, enabled: Term) -> None:
    """One region's turn in a pass that is made where ``enabled`` holds. Afterwards ``turn.stopped`` tells whether
    the pass has ended by a `break`, then or before."""
    assert turn.region is not None
    turn.live = conj(enabled, neg(turn.stopped), neg(turn.region[p.DROPPED]))
    turn.live = conj(turn.live, encode(statement.where, turn.environment(statement.variable)))
    execute(statement.body, turn, statement.variable)


def visit_entry(statement: p.Pass, turn: Turn, enabled: Term, variable: str) -> None:
    """The turn of an entry of a list beside the map, which ``turn.entries`` has, in a pass that is made where
    ``enabled`` holds; ``variable`` is that of the region whose turn it is besides, if any is."""
    turn.live = conj(enabled, neg(turn.stopped))
    turn.live = conj(turn.live, encode(statement.where, turn.environment(variable)))
    execute(statement.body, turn, variable)


def ends(run: str, scalars: Mapping[str, Value]) -> dict[str, Value]:
    """The variables of a run that has ended, as formulas call them."""
    return {p.final(run, name): value for name, value in scalars.items()}


def unmarked() -> dict[str, Value]:
    """The marks of a region that no algorithm has seen."""
    return dict.fromkeys(p.MARKS, FALSE)
