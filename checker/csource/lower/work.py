"""The work that is left where ways part: statements, and the ends of blocks, functions and turns behind them."""

from __future__ import annotations

from checker.base.diagnostic import Span
from checker.base.values import frozen
from checker.csource.lower.scope import CScope, Slot, Somewhere, Target, joined
from checker.csource.steps import SetFieldStep
from checker.csource.syntax.parse import CNode
from checker.csource.syntax.unit import CFunction


@frozen
class EndScope:
    """The end of a block: the names that were known before it."""

    names: tuple[tuple[str, Slot], ...]


@frozen
class EndFunction:
    """The end of a function: where its value goes (a variable or a field of a region), and the names before it."""

    result: Slot | SetFieldStep | None
    names: tuple[tuple[str, Slot], ...]
    function: CFunction


@frozen
class EndTurn:
    """The end of a region's turn: the pointer that is carried on to the next, if one is."""

    carried: Slot | None
    prior: str
    span: Span


class Left(Exception):
    """Tells that a way leaves for what is behind the work that was given."""


Work = tuple[CNode | EndScope | EndFunction | EndTurn, ...]


@frozen
class StrideLoop:
    """A loop over bytes that is under way: its counter, what it calls the map, and the region of the turn."""

    counter: Slot
    base: str
    region: str


def merged(scope: CScope, ends: list[CScope]) -> bool:
    """Go on behind ways that come together; tell whether that can be: no pointer leads to different regions."""
    targets: dict[int, Target] = {}
    for number in {number for end in ends for number in end.targets}:
        leads = [end.targets[number] for end in ends if number in end.targets]
        made: Target | None = leads[0]
        for each in leads[1:]:
            made = None if made is None else joined(made, each)
        if made is None and number in scope.targets:
            return False
        targets[number] = made or Somewhere()
    scope.targets = targets
    scope.unset = set().union(*(end.unset for end in ends)) if ends else scope.unset
    return True
