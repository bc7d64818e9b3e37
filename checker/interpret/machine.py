"""A run on its way: the machine that the steps of an algorithm change, and the layout that is left at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from checker.base.values import frozen
from checker.interpret.evaluate import Environment, Values, Wrapped
from checker.program.records import Identity

Chooser = Callable[[str, int | None, range], int | None]
"""Resolves a `choose`: its name, the number of the region it is chosen for (None outside a pass), and the legal values.
None: there is no choice to make among these. Where room is asked for, it is asked part by part, from below."""


def lowest(name: str, region: int | None, legal: range) -> int | None:
    """The chooser for plain runs: the lowest legal value."""
    return legal[0] if legal else None


@frozen
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
    ended: Mapping[str, int] = field(default_factory=dict)
    """The values of the variables and parameters when the run has ended."""


class Ending(Enum):
    """The ways in which the execution of a block ends."""

    DONE = auto()
    CONTINUE = auto()
    BREAK = auto()
    IMPOSSIBLE = auto()


class OutOfStepsError(Exception):
    """A run would take more steps than are allowed."""


STEPS_TO_NOTE = 250
"""The steps that it counts to export a region once more, or to note a result that does not fit: that stays in memory,
and is reported."""


@dataclass(slots=True)
class RunState:
    """A run on its way: the regions, the scalars, and the region whose turn it is, by its index and in what
    expressions can see."""

    regions: list[dict[str, int]]
    identities: tuple[Identity, ...]
    scalars: dict[str, int]
    choose: Chooser
    left: int | None
    exported: list[int] = field(default_factory=list)
    wrapped: list[Wrapped] = field(default_factory=list)
    pieces: dict[int, list[dict[str, int]]] = field(default_factory=dict)
    """By the index of a region that was split in the pass that is made, the pieces."""
    remembered: dict[str, int] = field(default_factory=dict)
    """The indices of the regions before, in the pass that is made."""
    index: int | None = None
    region: dict[str, int] = field(default_factory=dict)
    env: Environment = field(init=False)
    around: Mapping[str, Values] = field(default_factory=dict)
    """The entry of a list beside the map whose turn it is, under its name, while a pass over the map is made for it."""
    beside: Mapping[str, Sequence[Values]] = field(default_factory=dict)
    """By parameter, the lists beside the map."""

    def __post_init__(self) -> None:
        self.env = Environment(self.scalars, {}, self.note)

    def spend(self, steps: int) -> None:
        """Count steps. Raises `OutOfStepsError`."""
        if self.left is not None:
            self.left -= steps
            if self.left < 0:
                raise OutOfStepsError

    def note(self, wrapped: Wrapped) -> None:
        """Note a result that does not fit. Raises `OutOfStepsError`."""
        self.spend(STEPS_TO_NOTE)
        self.wrapped.append(wrapped)

    def look(self, variable: str, index: int) -> None:
        """Let ``variable`` stand for a region, whose turn it is."""
        self.index = index
        self.region = self.regions[index]
        self.env.regions = {**self.around, variable: self.region}

    def divide(self) -> None:
        """Put the pieces of regions that were split where these stood."""
        if not self.pieces:
            return
        regions: list[dict[str, int]] = []
        identities: list[Identity] = []
        now: list[int] = []
        for index, (identity, region) in enumerate(zip(self.identities, self.regions, strict=True)):
            pieces = self.pieces.get(index)
            now.append(len(regions))
            regions += pieces or [region]
            identities += [identity.piece(number) for number in range(len(pieces))] if pieces else [identity]
        self.regions, self.identities = regions, tuple(identities)
        self.exported = [now[index] for index in self.exported]
        self.pieces = {}

    def look_away(self) -> None:
        """Let it be no region's turn."""
        self.index = None
        self.region = {}
        self.env.regions = self.around


Step = Callable[[RunState], Ending]
