"""One algorithm on the rows of a map of a given length, unrolled; and which region, or piece of one, each row is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from checker import program as p
from checker.base.values import frozen, mutable
from checker.program.types import Type
from checker.program.walk import has_pass, has_split, remembers
from checker.prove.pieces.cuts import Piece
from checker.prove.pieces.keys import at_rank
from checker.prove.pieces.previous import moved, written
from checker.prove.system.inputs import PRESENT
from checker.prove.system.turn import Fresh, Turn, execute, visit, visit_entry
from checker.prove.terms.encode import (
    FALSE,
    TRUE,
    Environment,
    Overflow,
    Value,
    conj,
    disj,
    encode,
    is_false,
    neg,
    variable,
)
from checker.prove.terms.numbers import Num, Term

Regions = list[dict[str, Value]]


@frozen
class Lineage:
    """A row of a list, as a region or a piece of one: the region of the maps that it comes from, its row in each list
    that its own comes from, and the number of the piece that it is of every split that was made, with whether there
    was anything to cut."""

    origin: int
    rows: Mapping[str, int]
    cuts: tuple[tuple[int, Term], ...] = ()

    def within(self, name: str, row: int) -> Lineage:
        """The same where it is a row of one more list."""
        return replace(self, rows={**self.rows, name: row})

    def piece(self, number: int, made: Term) -> Lineage:
        """The piece with a number, if there is a cut."""
        return replace(self, cuts=(*self.cuts, (number, made)))

    @property
    def path(self) -> tuple[int, ...]:
        """Numbers by which rows of one list are sorted as they stand in the table, if it is in that order."""
        return (self.origin, *(number for number, _ in self.cuts))


def parted(parts: Sequence[Lineage]) -> int | None:
    """The split at which the ways part of two pieces of one region; None where they are not."""
    if len(parts) < 2 or parts[0].origin != parts[1].origin:
        return None
    first, second = (part.path[1:] for part in parts)
    return next(index for index, (one, other) in enumerate(zip(first, second, strict=True)) if one != other)


class Unrolling(Protocol):
    """The unrolled scenario, as far as executions look at it and add to it."""

    lists: dict[str, Regions]
    constraints: list[Term]
    choices: dict[tuple[str, str, int | None], Value]
    overflows: dict[str, list[Term]]


@mutable
class Execution:
    """One algorithm on the rows of one list; its effects go into ``regions`` and the unrolled scenario."""

    unrolled: Unrolling
    run: p.Run
    scalars: dict[str, Value]
    regions: Regions
    order: tuple[int, ...]
    parts: tuple[Lineage, ...]

    def block(self, statements: tuple[p.Statement, ...], live: Term) -> None:
        """Execute top-level statements where ``live`` holds."""
        for statement in statements:
            if isinstance(statement, p.Pass):
                self._pass(statement, live)
            elif isinstance(statement, p.If) and has_pass(statement):
                overflows: list[Overflow] = []
                env = Environment(self.scalars, path=live, on_overflow=overflows.append)
                condition = encode(statement.condition, env)
                self.unrolled.overflows[self.run.name] += [overflow.condition for overflow in overflows]
                self.block(statement.then, conj(live, condition))
                self.block(statement.otherwise, conj(live, neg(condition)))
            else:
                turn = Turn(self.scalars, None, live, FALSE, self._fresh(None))
                execute((statement,), turn, "")
                self._collect(turn)

    def _pass(self, statement: p.Pass, live: Term, around: Turn | None = None, variable: str = "") -> None:
        """A pass that is made if ``live`` holds; ``around`` is the turn that it stands in, if it does, and ``variable``
        that of the region whose turn that is."""
        if statement.beside:
            self._pass_beside(statement, live, around, variable)
            return
        stopped: Term = FALSE
        made: dict[int, dict[int, Piece]] = {}
        before = {(name, row): FALSE for name in remembers(statement.body) for row in self.order}
        entries = {} if around is None else around.entries
        for index, now in self._visits(statement):
            region = self.regions[index]
            turn = Turn(self.scalars, region, TRUE, stopped, self._fresh(index), entries=entries, inner=self._inner)
            turn.others = [other for row, other in enumerate(self.regions) if row != index]
            visit(statement, turn, conj(live, now, region[PRESENT]))
            stopped = turn.stopped
            made[index] = turn.pieces
            self._reach(turn, index, before)
            self._collect(turn)
        if has_split(statement.body):
            self._divide(made)

    def _visits(self, statement: p.Pass) -> Iterator[tuple[int, Term]]:
        """The rows in the order in which a pass comes to them; by a key each may be at every place, and is at one."""
        order = self.order[::-1] if statement.reverse else self.order
        if not statement.key:
            yield from ((index, TRUE) for index in order)
            return
        keys = []
        for index in self.order:
            key = self.regions[index][statement.key]
            assert isinstance(key, Num)
            keys.append(key)
        ranks = range(len(keys))
        for rank in reversed(ranks) if statement.reverse else ranks:
            yield from ((index, at_rank(keys, place, rank)) for place, index in enumerate(self.order))

    def _reach(self, turn: Turn, index: int, before: dict[tuple[str, int], Term]) -> None:
        """Let a turn do to the region before what it does, and say which region that is from now on."""
        for (name, row), is_before in before.items():
            for (previous, field_name), reached in turn.reached.items():
                if previous == name and row != index:
                    region = self.regions[row]
                    region[field_name] = written(is_before, reached, region[field_name])
            before[name, row] = moved(is_before, turn.remembered.get(name, FALSE), own=row == index)

    def _divide(self, made: Mapping[int, Mapping[int, Piece]]) -> None:
        """Put the pieces that a pass makes where their regions stand: a row for each that there may be."""
        order: list[int] = []
        parts = list(self.parts)
        for index in self.order:
            order.append(index)
            cut = disj(*(piece.there for piece in made[index].values()))
            parts[index] = self.parts[index].piece(0, cut)
            for number, piece in sorted(made[index].items()):
                if is_false(piece.there):
                    continue
                order.append(len(parts))
                parts.append(self.parts[index].piece(number, cut))
                self.regions.append({**piece.fields, PRESENT: piece.there})
        self.order, self.parts = tuple(order), tuple(parts)

    def _pass_beside(self, statement: p.Pass, live: Term, around: Turn | None, variable: str) -> None:
        stopped: Term = FALSE
        entries = self.unrolled.lists[self.run.list_of(statement.beside)]
        region = None if around is None else around.region
        for entry in reversed(entries) if statement.reverse else entries:
            named = {statement.variable: entry}
            turn = Turn(self.scalars, region, TRUE, stopped, self._fresh(None), entries=named, inner=self._inner)
            visit_entry(statement, turn, live, variable)
            stopped = turn.stopped
            self._collect(turn)

    def _inner(self, statement: p.Pass, turn: Turn, variable: str) -> None:
        self._pass(statement, turn.live, turn, variable)

    def _collect(self, turn: Turn) -> None:
        self.unrolled.constraints += turn.constraints
        self.unrolled.overflows[self.run.name] += [overflow.condition for overflow in turn.overflows]

    def _fresh(self, index: int | None) -> Fresh:
        """The same choice in every generation of a chain, which is one of those that could be made."""

        def fresh(name: str, kind: Type) -> Value:
            assert index is None or not self.parts[index].cuts  # the type checker lets nothing be chosen for pieces
            key = (self.run.name, name, index)
            if key in self.unrolled.choices:
                return self.unrolled.choices[key]
            value, legal = variable(f"{self.run.name}.{name}.{index}", kind)
            self.unrolled.choices[key] = value
            self.unrolled.constraints.append(legal)
            return value

        return fresh
