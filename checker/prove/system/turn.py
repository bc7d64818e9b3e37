"""Statements as terms: one region's turn, or the code between passes, for every value of what it sees at once.

Branches are not forked but merged: a statement acts under the condition ``live`` that control is still in it.
`continue` and `break` take their condition out of ``live``; `break` also raises ``stopped``, which keeps later
regions out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from checker import program as p
from checker.program.types import Type
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import FALSE, Environment, Overflow, Value, conj, disj, encode, neg, select
from checker.prove.terms.numbers import Term

Fresh = Callable[[str, Type], Value]
"""Makes the value of a `choose`: any value of the type, under its name."""


@dataclass
class Turn:
    """The state while statements are executed symbolically.

    ``region`` holds the fields of the pass's region and is None outside a pass; ``exported_at`` becomes the value of
    ``clock`` where the region is exported, so that the order of exports can be told.
    """

    scalars: dict[str, Value]
    region: dict[str, Value] | None
    live: Term
    stopped: Term
    fresh: Fresh
    overflows: list[Overflow] = field(default_factory=list)
    constraints: list[Term] = field(default_factory=list)

    def environment(self, variable: str) -> Environment:
        """What the statements can see now."""
        regions: Mapping[str, Mapping[str, Value]] = {} if self.region is None else {variable: self.region}
        return Environment(self.scalars, regions, path=self.live, on_overflow=self.overflows.append)


def execute(statements: tuple[p.Statement, ...], turn: Turn, variable: str) -> None:
    """Execute a block without passes; ``turn`` is changed in place. Raises `OutOfReachError`."""
    for statement in statements:
        _statement(statement, turn, variable)


def _statement(statement: p.Statement, turn: Turn, variable: str) -> None:
    match statement:
        case p.Declare(name=name, value=expr):
            turn.scalars[name] = encode(expr, turn.environment(variable))
        case p.Assign(name=name, value=expr):
            value = encode(expr, turn.environment(variable))
            turn.scalars[name] = select(turn.live, value, turn.scalars[name])
        case p.Choose():
            choose(statement, turn, variable)
        case p.If(condition=condition, then=then, otherwise=otherwise):
            _if(encode(condition, turn.environment(variable)), then, otherwise, turn, variable)
        case p.Continue():
            turn.live = FALSE
        case p.Break():
            turn.stopped = disj(turn.stopped, turn.live)
            turn.live = FALSE
        case p.Pass():
            raise AssertionError("passes are taken apart by the caller")
        case _:
            _act(statement, turn, variable)


def choose(statement: p.Choose, turn: Turn, variable: str) -> None:
    """Any legal value; runs in which there is none are not considered."""
    env = turn.environment(variable)
    low, high = encode(statement.low, env), encode(statement.high, env)
    value = turn.fresh(statement.name, statement.type)
    legal = conj(
        n.compare(p.Rel.LE, low, value),
        n.compare(p.Rel.LT, value, high),
        n.compare(p.Rel.EQ, n.remainder(value, statement.alignment), n.const(0)),
    )
    turn.constraints.append(disj(neg(turn.live), legal))
    turn.scalars[statement.name] = value


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
    unchanged = not _leaves(then) and not _leaves(otherwise)
    turn.live = live if unchanged else merged


def _leaves(statements: tuple[p.Statement, ...]) -> bool:
    """Whether control may leave the turn from within these statements."""
    for statement in statements:
        if isinstance(statement, p.Continue | p.Break):
            return True
        if isinstance(statement, p.If) and (_leaves(statement.then) or _leaves(statement.otherwise)):
            return True
    return False


def _act(statement: p.SetField | p.Place | p.Export | p.Drop, turn: Turn, variable: str) -> None:
    region = turn.region
    assert region is not None  # the type checker lets these stand only inside a pass
    match statement:
        case p.SetField(field=name, value=expr):
            region[name] = select(turn.live, encode(expr, turn.environment(variable)), region[name])
        case p.Place(field=name, address=address):
            region[name] = select(turn.live, encode(address, turn.environment(variable)), region[name])
            region[p.PLACED] = disj(region[p.PLACED], turn.live)
        case p.Export():
            region[p.EXPORTED] = disj(region[p.EXPORTED], turn.live)
        case p.Drop():
            region[p.DROPPED] = disj(region[p.DROPPED], turn.live)


def visit(statement: p.Pass, turn: Turn, enabled: Term) -> None:
    """One region's turn in a pass that is made where ``enabled`` holds. Afterwards ``turn.stopped`` tells whether
    the pass has ended by a `break`, then or before."""
    assert turn.region is not None
    turn.live = conj(enabled, neg(turn.stopped), neg(turn.region[p.DROPPED]))
    turn.live = conj(turn.live, encode(statement.where, turn.environment(statement.variable)))
    execute(statement.body, turn, statement.variable)


def unmarked() -> dict[str, Value]:
    """The marks of a region that no algorithm has seen."""
    return dict.fromkeys(p.MARKS, FALSE)
