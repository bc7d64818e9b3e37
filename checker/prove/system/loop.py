"""The parts of a loop of the system, and the runs that are in it. `checker.prove.system` says why this is sound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from enum import Enum
from functools import cached_property

from checker import program as p
from checker.base.values import frozen, mutable
from checker.program import walk
from checker.program.types import BOOL, Type
from checker.prove.pieces.elements import Numbers, Recipe, division
from checker.prove.system.history import Recalled, Role
from checker.prove.system.loops.authors import Authors
from checker.prove.system.state import RunVariable, StateVar
from checker.prove.terms import build
from checker.prove.terms.encode import TRUE, Overflow, Region, Value, disj, neg
from checker.prove.terms.numbers import Num, Term


class Whose(Enum):
    """The region in whose turn something happens, in a pass over the map that stands in no other pass."""

    NONE = "none"
    """It happens before such a pass or after it, or where an entry of a list beside the map has its turn."""
    WITNESS = "a witness"
    OTHER = "any other region"


@frozen
class ArithmeticObligation:
    """A checked operator of a run must not lose anything where ``premises`` hold."""

    run: str
    overflow: Overflow
    premises: tuple[Term, ...]
    whose: Whose


@frozen
class Step:
    """One kind of turn: when it can be taken, and what it does to the state."""

    name: str
    constraint: Term
    after: Mapping[StateVar, Value]
    overflows: tuple[tuple[str, Overflow], ...]
    """The overflows that checked operators owe, with the run they belong to."""
    recalled: tuple[Recalled, ...] = ()
    """All that is known from earlier loops of the region whose turn it is."""
    entering: Mapping[str, Region] = field(default_factory=dict)
    """By run, the region whose turn it is, as it enters its turn."""
    leaving: Mapping[str, Region] = field(default_factory=dict)
    """The same as it leaves it."""
    nested: tuple[Nested, ...] = ()
    """The loops of the passes that the turn makes, in their order."""
    whose: Whose = Whose.NONE
    roles: tuple[Role, ...] = ()
    """The region whose turn it is in the place of each witness."""

    @property
    def premises(self) -> tuple[Term, ...]:
        """All that is known of the turn."""
        return (self.constraint, *(each.instance for each in self.recalled))

    def itself(self, invariants: Sequence[Term]) -> Iterator[Recalled]:
        """Return invariants of the loop, by their numbers, said of the region whose turn it is before it has it."""
        for role in self.roles:
            yield from role.said(invariants)


@frozen
class Nested:
    """The loop of a pass that a turn makes where ``live`` holds. ``premises`` is what is known of the turn when it
    begins; ``found`` are its invariants, once there are some, which hold when it ends."""

    loop: Loop
    live: Term
    premises: tuple[Term, ...]
    found: tuple[Term, ...] = ()

    def known(self) -> tuple[Term, ...]:
        """Return what is known after it."""
        return tuple(disj(neg(self.live), each) for each in (*self.loop.facts, *self.found, self.loop.finished))


@frozen
class View:
    """All that invariants may be about, at the head of a loop, in terms of its variables."""

    scalars: Mapping[RunVariable, tuple[Type, Value]]
    """The variables of the runs in the loop, with their values at the moments that are known."""
    scopes: Mapping[str, Mapping[str, Value]]
    """The same as they are now, by run, under their own names."""
    witnesses: tuple[Mapping[str, Region], ...]
    """Each witness in each of the maps and layouts in which it is known."""
    seen: tuple[Term, ...]
    ghosts: Mapping[str, tuple[Num, ...]]
    """By run, what the regions add up to that it has selected."""
    tallies: tuple[Num, ...]
    """The same of what the runs' algorithms add up themselves, whichever regions they select."""
    changing: frozenset[RunVariable]
    stopped: tuple[Term, ...]
    tracks: tuple[str, ...]
    selects: Mapping[str, tuple[Term, ...]]
    """By run, whether its pass may select each witness."""
    placed_before: frozenset[str]
    """The runs in which an earlier pass may have placed regions."""
    passes: Mapping[str, p.Pass]
    """By run, the pass that it makes."""
    directions: Mapping[str, int]
    """By run, the order of its list: as in `Track.direction`."""
    entries: Mapping[str, tuple[tuple[Region, Term], ...]] = field(default_factory=dict)
    """By list beside the map, the entries that are looked at, each with that it had its turn in this loop."""
    inner: bool = False
    """Tell whether this is the loop of a pass in a turn of another one."""
    authors: Authors | None = None
    """The witnesses in whose turn a variable of a run in the loop got its value, where that is asked."""


@frozen
class Loop:
    """One pass of each of some runs, in step.

    ``head`` are the state's variables, ``start`` their values when the loop begins, ``facts`` what is always true of
    them; ``finished`` says that every witness had its turn.
    """

    head: Mapping[StateVar, Value]
    start: Mapping[StateVar, Value]
    facts: tuple[Term, ...]
    steps: tuple[Step, ...]
    finished: Term
    neighbours: bool
    view: View

    @cached_property
    def constants(self) -> build.Constants:
        """The constants of terms about its state, which are asked for again and again."""
        return build.Constants()


@frozen
class Neighbours:
    """The two witnesses are neighbours among the regions of the layout that ``regions`` selects."""

    regions: p.Regions


@mutable
class Track:
    """A run on its way: its state between passes, and the pass that it has come to, if any."""

    run: p.Run
    direction: int
    """1: the run's list is in the order of the table's rows, -1: in the opposite one, 0: in no known order."""
    origin: str
    """The given map from which the regions come in the end."""
    original: frozenset[str]
    """The fields that every region has as that map gave them when it enters the run."""
    witnesses: list[dict[str, Value]]
    passed: tuple[str, p.Expr] | None = None
    """The condition that decides, for a region of the map, whether it is in the list, if that is known, and its
    variable."""
    giver: Track | None = None
    """The run from which regions come during the loop: it is in it too."""
    scalars: dict[str, Value] = field(default_factory=dict)
    types: dict[str, Type] = field(default_factory=dict)
    written: frozenset[str] = frozenset()
    """The fields and marks that the passes made so far may have changed."""
    live: Term = TRUE
    pending: p.Pass | None = None
    left: int = 0
    """The number of passes that are still to come after the pending one."""
    idle: tuple[p.Pass, ...] = ()
    """The passes that are never made, by what the run's arguments say."""
    steps: Iterator[None] = field(default_factory=lambda: iter(()))
    recipe: Recipe = ()
    """All that was done to the regions of its list, where they may be pieces."""
    numbers: list[Numbers] = field(default_factory=list)
    """By witness, the numbers of the pieces that it is."""
    selected: list[tuple[Term, str, p.Expr]] = field(default_factory=list)
    """Of the passes made so far: whether it was made, its region variable, and the condition by which it selects."""
    spent: dict[StateVar, Value] = field(default_factory=dict)
    """The sums of the run that go on from pass to pass, as the last one left them."""
    first: dict[str, Value] = field(default_factory=dict)
    """The variables that passes change, as they were before the first of these."""
    authors: Authors | None = None
    """The witnesses in whose turn a variable got its value, where that is asked."""

    def forget(self, outer: frozenset[str]) -> None:
        """Forget all variables but ``outer``: another block may use their names again, for something else."""
        for name in self.scalars.keys() - outer:
            del self.scalars[name]
            self.types.pop(name, None)
            self.first.pop(name, None)

    def is_idle(self, made: p.Pass) -> bool:
        """Tell whether a pass is never made."""
        return any(each is made for each in self.idle)

    @property
    def body(self) -> tuple[p.Statement, ...]:
        """The statements that the pending pass executes for a region."""
        assert self.pending is not None
        return self.pending.body

    @property
    def division(self) -> tuple[int, ...]:
        """The splits behind its list."""
        return division(self.recipe)

    @property
    def over(self) -> str:
        """The list beside the map that the pending pass goes over; none if it is the map."""
        assert self.pending is not None
        return self.run.list_of(self.pending.beside) if self.pending.beside else ""

    @property
    def heading(self) -> int:
        """The direction of the pending pass over the table's rows, or over the entries of a list beside the map."""
        assert self.pending is not None
        if self.pending.beside:
            return -1 if self.pending.reverse else 1
        if self.pending.key:
            return 0
        return -self.direction if self.pending.reverse else self.direction

    @property
    def way(self) -> tuple[object, ...] | None:
        """All that passes of two runs have alike that come to the rows of the table in one order; None where it is not
        known in which this one does. `checker.prove.pieces.keys` says why two that go by a key may."""
        assert self.pending is not None
        if self.heading:
            return self.heading, self.over, self.division
        key = self.pending.key
        if not key or not self.direction or self.recipe or key not in self.original - self.written:
            return None
        return self.direction, self.pending.reverse, key, self.origin


def selection(track: Track) -> tuple[Term, str, p.Expr]:
    """By what condition the pending pass selects regions, as far as the map alone decides it; else it may select
    all."""
    assert track.pending is not None
    where = track.pending.where
    alone = walk.regions_read(where) <= {track.pending.variable}
    if alone and walk.fields_read(where) <= track.original - track.written and not walk.scalars_read(where):
        return track.live, track.pending.variable, where
    return track.live, track.pending.variable, p.Const(BOOL, 1)
