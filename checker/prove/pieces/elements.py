"""The regions of a list that was split, as functions of the regions of the map.

**Passes made at once.** A pass that changes no variable, chooses nothing and has no `break` does to each region the
same, whatever it does to the others: what a region is after it is a function of what it was before, of the variables,
which stay as they are, and of the number of the piece where the pass splits. So such a pass needs no loop: the function
is applied to the witnesses, and to any other region where that is looked at. Passes that split are made so, and only
they and others of the same run.

**Elements.** A region of a list that was split is then told by a region of the map and a number for each split: which
piece it is. It is the first one, number 0, where nothing was cut, and another one only where there is one. Every region
of the list has such numbers, and every two of one region of the map differ in the number of some split: the first in
which they do is where their ways part.

A pass of another kind is a loop as ever, whose turns are those of elements. What it writes is not known of any other
element afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from typing import assert_never

import z3

from checker import program as p
from checker.base.values import frozen, mutable
from checker.program import walk
from checker.program.types import Type
from checker.prove.pieces.cuts import MOST
from checker.prove.system.inputs import PRESENT, Inputs
from checker.prove.system.receive import havoc_region, receive
from checker.prove.system.turn import Turn, visit
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import FALSE, TRUE, Overflow, Value, conj, disj, neg, select
from checker.prove.terms.numbers import Num, OutOfReachError, Term


@dataclass(frozen=True, eq=False)
class AtOnce:
    """A pass that was made at once, by its number among those that split: with the variables that it saw, and where it
    was made."""

    number: int
    statement: p.Pass
    scalars: Mapping[str, Value]
    live: Term

    @property
    def splits(self) -> bool:
        """Tell whether it splits regions."""
        return walk.has_split(self.statement.body)

    @property
    def most(self) -> int:
        """The most pieces that it makes of a region."""
        return max((len(s.cuts) + 1 for s in walk.statements(self.statement) if isinstance(s, p.Split)), default=1)


@frozen
class Forgotten:
    """A pass that was a loop: what it wrote is not known of other regions than the witnesses."""

    fields: frozenset[str]


@dataclass(frozen=True, eq=False)
class Received:
    """A hand-over."""

    handover: p.Handover


Stage = AtOnce | Forgotten | Received
Recipe = tuple[Stage, ...]
"""All that was done to the regions of a list since the map was given, in its order."""

Numbers = dict[int, Num]
"""By split, the number of a piece."""


def can_be_at_once(statement: p.Pass, outside: frozenset[str]) -> bool:
    """Tell whether a pass does to each region the same; ``outside`` are the variables that were there before it."""
    chooses = any(each.effects.chooses for each in walk.statements(statement))
    ends = p.Exit.PASS in walk.exits(statement.body)
    return not (chooses or ends or walk.assigned(statement.body) & outside)


def division(recipe: Recipe) -> tuple[int, ...]:
    """The splits behind a list: lists with the same ones have the same elements, in the same order or another."""
    return tuple(stage.number for stage in recipe if isinstance(stage, AtOnce) and stage.splits)


def most_pieces(recipe: Recipe) -> int:
    """The most elements of a list that come from one region of the map."""
    return prod(stage.most for stage in recipe if isinstance(stage, AtOnce))


def made(stage: AtOnce, region: dict[str, Value], number: Num) -> tuple[Term, list[Overflow]]:
    """Make a pass at once: ``region`` becomes its piece with that number. Returns where there is one, and what
    operators owe. Raises `OutOfReachError`."""
    turn = Turn(dict(stage.scalars), region, TRUE, FALSE, _nothing_to_choose)
    visit(stage.statement, turn, conj(stage.live, region[PRESENT]))
    there = [is_number(number, 0)] if stage.splits else [TRUE]
    present = region[PRESENT]
    for index, piece in turn.pieces.items():
        this = is_number(number, index)
        there.append(conj(this, piece.there))
        for name, value in {**piece.fields, PRESENT: present}.items():
            region[name] = select(this, value, region[name])
    return disj(*there), turn.overflows


def is_number(number: Num, value: int) -> Term:
    """Tell whether a piece has a number."""
    return n.compare(p.Rel.EQ, number, n.const(value))


def number_of(name: str) -> tuple[Num, Term]:
    """The number of a piece as a variable, and its range."""
    number = Num(z3.Int(name))
    return number, conj(n.compare(p.Rel.LE, n.const(0), number), n.compare(p.Rel.LT, number, n.const(MOST)))


@mutable
class Element:
    """Any element of lists that come from one region of the map. ``numbers`` say which one it is, ``constraints`` that
    there is one with these."""

    prefix: str
    given: Inputs
    numbers: Numbers = field(default_factory=dict)
    constraints: list[Term] = field(default_factory=list)

    def of(self, name: str, recipe: Recipe, region: Mapping[str, Value]) -> dict[str, Value]:
        """The element in a list, whose name is part of what is not known of it. Raises `OutOfReachError`."""
        found = dict(region)
        for index, stage in enumerate(recipe):
            match stage:
                case AtOnce():
                    there, _ = made(stage, found, self.number(stage))
                    self.constraints.append(there)
                case Received(handover=handover):
                    found = receive(handover, found, self.given)
                case Forgotten(fields=fields):
                    fresh, legal = havoc_region(f"{self.prefix}:{name}:{index}", self.given.record)
                    self.constraints += legal
                    found.update({each: fresh[each] for each in sorted(fields)})
                case _:
                    assert_never(stage)
        return found

    def number(self, stage: AtOnce) -> Num:
        """The number of the piece that it is of a split."""
        if not stage.splits:
            return n.const(0)
        if stage.number not in self.numbers:
            number, legal = number_of(f"{self.prefix}:piece{stage.number}")
            self.numbers[stage.number] = number
            self.constraints.append(legal)
        return self.numbers[stage.number]


def different(one: Numbers, other: Numbers) -> Term:
    """Tell whether two elements of one region of the map are not the same one."""
    return disj(*(neg(n.compare(p.Rel.EQ, one[each], other[each])) for each in sorted(one.keys() & other.keys())))


def _nothing_to_choose(name: str, kind: Type) -> Value:
    raise OutOfReachError(f"`{name}`, which is chosen where nothing can be")
