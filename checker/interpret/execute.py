"""An algorithm run on a concrete map: what the machine would do, region by region."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import assert_never

from checker import program as p
from checker.interpret.evaluate import Environment, Values, Wrapped, evaluate
from checker.program.records import Identity
from checker.program.walk import nodes

Chooser = Callable[[str, int | None, range], int | None]
"""Resolves a `choose`: its name, the number of the region it is chosen for (None outside a pass), and the legal values.
None: there is no choice to make."""


def lowest(name: str, region: int | None, legal: range) -> int | None:
    """The chooser for plain runs: the lowest legal value."""
    return legal[0] if legal else None


@dataclass(frozen=True)
class Layout:
    """The result of an algorithm on a map.

    ``regions`` are all regions of the list it was given, in its order, with their fields and marks as the algorithm
    left them, and ``identities`` say which they are, the same in every layout that they are handed on to. ``exported``
    lists the indices that the kernel exports, in that order; ``possible`` is false where a `choose` had nothing to
    choose from, so that there is no such run.
    """

    regions: tuple[Values, ...]
    identities: tuple[Identity, ...]
    exported: tuple[int, ...]
    wrapped: tuple[Wrapped, ...]
    possible: bool


class _Turn(Enum):
    """The ways in which the execution of a block ends."""

    DONE = auto()
    CONTINUE = auto()
    BREAK = auto()
    IMPOSSIBLE = auto()


_ENDS = {p.Exit.TURN: _Turn.CONTINUE, p.Exit.PASS: _Turn.BREAK}


class OutOfStepsError(Exception):
    """A run would take more steps than are allowed."""


_STEPS_TO_NOTE = 250
"""The steps that it counts to export a region once more, or to note a result that does not fit: that stays in memory,
and is reported."""


@dataclass
class _Machine:
    regions: list[dict[str, int]]
    identities: tuple[Identity, ...]
    scalars: dict[str, int]
    choose: Chooser
    left: int | None
    exported: list[int] = field(default_factory=list)
    wrapped: list[Wrapped] = field(default_factory=list)

    def spend(self, steps: int) -> None:
        """Count steps. Raises `OutOfStepsError`."""
        if self.left is not None:
            self.left -= steps
            if self.left < 0:
                raise OutOfStepsError

    def note(self, wrapped: Wrapped) -> None:
        """Note a result that does not fit. Raises `OutOfStepsError`."""
        self.spend(_STEPS_TO_NOTE)
        self.wrapped.append(wrapped)


def run(
    algorithm: p.Algorithm,
    regions: Sequence[Values],
    arguments: Mapping[str, int],
    choose: Chooser = lowest,
    identities: Sequence[Identity] | None = None,
    steps: int | None = None,
) -> Layout:
    """The layout that ``algorithm`` makes of ``regions``. Raises `OutOfStepsError` where it takes more than ``steps``;
    they count, region by region, what there is in every ``where``, and in every turn.

    ``regions`` hold a value for every input field of the algorithm's record; ``arguments`` one for each scalar
    parameter without a default. ``identities`` say which regions these are; without it they are counted from 0.
    """
    marks = dict.fromkeys((*p.MARKS, *algorithm.record.marks), 0)
    known = tuple(map(Identity, range(len(regions))) if identities is None else identities)
    scalars = {name: default.value for name, _, default in algorithm.parameters if default is not None}
    scalars.update(arguments)
    machine = _Machine([{**region, **marks} for region in regions], known, scalars, choose, steps)
    turn = _block(algorithm.body, machine, None, "")
    if algorithm.exports:
        exported = machine.exported
    else:
        exported = [index for index, region in enumerate(machine.regions) if not region[p.DROPPED]]
    return Layout(
        tuple(machine.regions), known, tuple(exported), tuple(machine.wrapped), possible=turn is not _Turn.IMPOSSIBLE
    )


def _block(statements: tuple[p.Statement, ...], machine: _Machine, index: int | None, variable: str) -> _Turn:
    for statement in statements:
        turn = _statement(statement, machine, index, variable)
        if turn is not _Turn.DONE:
            return turn
    return _Turn.DONE


def _statement(statement: p.Statement, machine: _Machine, index: int | None, variable: str) -> _Turn:
    region = machine.regions[index] if index is not None else None

    def value(expr: p.Expr) -> int:
        bound = {variable: region} if region is not None else {}
        return evaluate(expr, Environment(machine.scalars, bound, on_wrap=machine.note))

    match statement:
        case p.Declare(name=name, value=expr) | p.Assign(name=name, value=expr):
            machine.scalars[name] = value(expr)
        case p.Choose(name=name, low=low, high=high, alignment=step):
            start = -(-value(low) // step) * step
            number = None if index is None else machine.identities[index].origin
            chosen = machine.choose(name, number, range(start, max(start, value(high)), step))
            if chosen is None:
                return _Turn.IMPOSSIBLE
            machine.scalars[name] = chosen
        case p.If(condition=condition, then=then, otherwise=otherwise):
            return _block(then if value(condition) else otherwise, machine, index, variable)
        case p.Pass():
            return _pass(statement, machine)
        case p.Leave(exit=leave):
            return _ENDS[leave]
        case p.SetField() | p.Mark() | p.Export():
            assert region is not None and index is not None  # the type checker lets these stand only inside a pass
            _act(statement, machine, region, index, value)
        case _:
            assert_never(statement)
    return _Turn.DONE


def _act(
    statement: p.SetField | p.Mark | p.Export,
    machine: _Machine,
    region: dict[str, int],
    index: int,
    value: Callable[[p.Expr], int],
) -> None:
    match statement:
        case p.SetField(field=name, value=expr):
            region[name] = value(expr)
        case p.Mark(mark=name):
            region[name] = 1
        case p.Export():
            if region[p.EXPORTED]:
                machine.spend(_STEPS_TO_NOTE)
            region[p.EXPORTED] = 1
            machine.exported.append(index)
        case _:
            assert_never(statement)


def _pass(statement: p.Pass, machine: _Machine) -> _Turn:
    order = range(len(machine.regions))
    to_look, to_act = _size(statement.where), _size(statement.body)
    for index in reversed(order) if statement.reverse else order:
        region = machine.regions[index]
        if region[p.DROPPED]:
            continue
        env = Environment(machine.scalars, {statement.variable: region}, on_wrap=machine.note)
        machine.spend(to_look)
        if not evaluate(statement.where, env):
            continue
        machine.spend(to_act)
        turn = _block(statement.body, machine, index, statement.variable)
        if turn is _Turn.BREAK:
            break
        if turn is _Turn.IMPOSSIBLE:
            return turn
    return _Turn.DONE


def _size(tree: p.Tree) -> int:
    """Count the expressions and statements in statements or in an expression."""
    return sum(1 for _ in nodes(tree))
