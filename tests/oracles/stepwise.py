"""Algorithms run turn by turn over a table of regions, with the state kept at the head of every pass.

A third telling of what `checker.interpret` does, whose results must be the same; it shares only the expressions. All
lists have all rows of the table: one that is not present has its turn too, in which nothing happens. So has every row
in a pass that is not made, since it stands under a condition that does not hold. That is how the prover sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from checker import program as p
from checker.interpret import Values, Wrapped
from checker.interpret.evaluate import Environment, in_algorithm, in_formula
from checker.program.types import width
from checker.prove.system.inputs import PRESENT

Draw = Callable[[str, int | None, range], int]


@dataclass(frozen=True)
class Head:
    """The state before a turn, or after the last one."""

    scalars: Mapping[str, int]
    regions: tuple[Values, ...]
    stopped: bool
    remembered: Mapping[str, int]
    """The rows of the regions before."""


@dataclass(frozen=True)
class Walk:
    """A pass, and if it was made: the regions in the order of their turns, the states between, and what was chosen in
    each turn."""

    statement: p.Pass
    live: bool
    order: tuple[int, ...]
    heads: tuple[Head, ...]
    chosen: tuple[Mapping[str, int], ...]


class Impossible(Exception):
    """There was nothing to choose from."""


class Leave(Exception):
    """`continue` or `break`."""

    def __init__(self, stops: bool) -> None:
        self.stops = stops


@dataclass
class Stepper:
    """Runs one algorithm."""

    regions: list[dict[str, int]]
    order: tuple[int, ...]
    """The rows in the order of the run's list."""
    scalars: dict[str, int]
    draw: Draw
    walks: list[Walk] = field(default_factory=list)
    chosen: dict[str, int] = field(default_factory=dict)
    """What was chosen outside passes."""
    wrapped: list[Wrapped] = field(default_factory=list)
    remembered: dict[str, int] = field(default_factory=dict)

    def value(self, expr: p.Expr, variable: str, index: int | None, live: bool = True) -> int:
        bound = {} if index is None else {variable: self.regions[index]}
        note = self.wrapped.append if live else (lambda _: None)
        return in_algorithm(expr)(Environment(self.scalars, bound, on_wrap=note))

    def top(self, statements: Sequence[p.Statement], live: bool) -> None:
        """Statements outside passes. Where they are not ``live`` their variables still come into being."""
        for statement in statements:
            match statement:
                case p.Pass():
                    self.walk(statement, live)
                case p.If(condition=condition, then=then, otherwise=otherwise):
                    holds = bool(self.value(condition, "", None, live))
                    self.top(then, live and holds)
                    self.top(otherwise, live and not holds)
                case p.Declare(name=name, value=value):
                    self.scalars[name] = self.value(value, "", None, live)
                case p.Choose(name=name) if not live:
                    self.scalars[name] = self.chosen[name] = 0
                case p.Choose():
                    self.choose(statement, "", None, self.chosen)
                case _ if live:
                    self.inside(statement, "", None, {})

    def walk(self, statement: p.Pass, live: bool) -> None:
        order = self.order
        if statement.key:
            order = tuple(sorted(order, key=lambda row: self.regions[row][statement.key]))
        if statement.reverse:
            order = order[::-1]
        self.remembered = {}
        heads, chosen, stopped = [self.head(False)], [], False
        for index in order:
            choices: dict[str, int] = {}
            region = self.regions[index]
            taken = live and not stopped and region[PRESENT] and not region[p.DROPPED]
            if taken and self.value(statement.where, statement.variable, index):
                try:
                    for inner in statement.body:
                        self.inside(inner, statement.variable, index, choices)
                except Leave as leave:
                    stopped = leave.stops
            heads.append(self.head(stopped))
            chosen.append(choices)
        self.walks.append(Walk(statement, live, order, tuple(heads), tuple(chosen)))

    def head(self, stopped: bool) -> Head:
        return Head(dict(self.scalars), tuple(dict(region) for region in self.regions), stopped, dict(self.remembered))

    def choose(self, statement: p.Choose, variable: str, index: int | None, choices: dict[str, int]) -> None:
        low, high = (self.value(e, variable, index) for e in (statement.low, statement.high))
        first = -(-low // statement.alignment) * statement.alignment
        legal = range(first, max(first, high), statement.alignment)
        if not legal:
            raise Impossible
        value = self.draw(statement.name, index, legal)
        if statement.room is not None and not self.has_room(statement.room, value, index):
            raise Impossible
        self.scalars[statement.name] = choices[statement.name] = value

    def has_room(self, room: p.Clearance, address: int, index: int | None) -> bool:
        """Tell whether the bytes from an address on are none of those of another region."""

        def size(region: Mapping[str, int]) -> int:
            return in_formula(room.size)(Environment({}, {room.variable: region}))

        assert index is not None
        end = address + size(self.regions[index])
        others = [other for row, other in enumerate(self.regions) if row != index and other[PRESENT]]
        placed = [(other[place], size(other)) for other in others for place, mark in room.places if other[mark]]
        return all(end <= there or there + length <= address for there, length in placed)

    def inside(self, statement: p.Statement, variable: str, index: int | None, choices: dict[str, int]) -> None:
        region = self.regions[index] if index is not None else {}
        match statement:
            case p.Declare(name=name, value=value) | p.Assign(name=name, value=value):
                self.scalars[name] = self.value(value, variable, index)
            case p.Choose():
                self.choose(statement, variable, index, choices)
            case p.If(condition=condition, then=then, otherwise=otherwise):
                for inner in then if self.value(condition, variable, index) else otherwise:
                    self.inside(inner, variable, index, choices)
            case p.SetField(field=name, value=value):
                region[name] = self.value(value, variable, index)
            case p.Mark(mark=name):
                region[name] = 1
            case p.Export():
                region[p.EXPORTED] = 1
            case p.Remember(previous=previous):
                assert index is not None
                self.remembered[previous] = index
            case p.Reach(previous=previous, field=name, value=value):
                given = self.value(value, variable, index)
                if previous in self.remembered:
                    self.regions[self.remembered[previous]][name] = given
            case p.Leave(exit=leave):
                raise Leave(stops=leave is p.Exit.PASS)
            case p.Pass():
                raise AssertionError("a pass inside a pass")


def start(run: p.Run, regions: Sequence[Values], order: tuple[int, ...], given: Values, draw: Draw) -> Stepper:
    """One run, or one generation of it, on what reaches it. Raises `Impossible`."""
    stepper = Stepper([dict(region) for region in regions], order, {}, draw)
    env = Environment(given, on_wrap=stepper.wrapped.append)
    names = [name for name, _, _ in run.algorithm.parameters]
    stepper.scalars = {n: in_algorithm(a)(env) for n, a in zip(names, run.arguments, strict=True)}
    stepper.top(run.algorithm.body, live=True)
    return stepper


def handed(handover: p.Handover, region: Values, record: p.Record) -> dict[str, int]:
    """A row as the next kernel receives it."""
    widths = dict(handover.fields)
    passes = in_formula(handover.where)(Environment({}, {handover.variable: region}))
    fields = dict.fromkeys((*p.MARKS, *record.marks), 0)
    for name, kind in record.inputs:
        fields[name] = region[name] % (1 << min(width(kind), widths.get(name, 0)))
    fields[PRESENT] = int(bool(region[PRESENT] and not region[p.DROPPED] and passes))
    return fields
