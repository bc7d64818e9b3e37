"""One loop of the system: the state at its head, and its steps. `checker.prove.system` has the soundness argument."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace

from checker import program as p
from checker.base.values import mutable
from checker.program import walk
from checker.program.types import Type
from checker.prove.pieces.elements import Element, different
from checker.prove.pieces.keys import in_order_of_key
from checker.prove.pieces.places import PlacedSums, places_by_marks
from checker.prove.pieces.previous import after_turn
from checker.prove.pieces.tallies import Counted, Tallies
from checker.prove.system import inputs
from checker.prove.system.history import Casting, Owners
from checker.prove.system.inputs import PRESENT, Entries, Inputs, Row
from checker.prove.system.loop import Loop, Neighbours, Nested, Step, Track, View, Whose
from checker.prove.system.loops.between import none_between, not_between
from checker.prove.system.loops.head import COARSEST, HeadBuilder, scalars_in
from checker.prove.system.loops.stand_ins import StandIns
from checker.prove.system.receive import receive
from checker.prove.system.receivers import forgotten
from checker.prove.system.state import (
    HadTurn,
    Held,
    Passed,
    Placed,
    Remembered,
    RunVariable,
    Spent,
    StateVar,
    Stopped,
    Tallied,
    WitnessField,
)
from checker.prove.system.totals import Totals
from checker.prove.system.turn import Fresh, Turn, visit
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import (
    FALSE,
    TRUE,
    Overflow,
    Region,
    Value,
    conj,
    disj,
    neg,
    variable,
)
from checker.prove.terms.numbers import Term

Inside = Callable[["LoopBuilder", Track, Row, p.Pass, Turn, str], Nested]
"""Makes the loop of a pass that stands in the turn of a region, and changes the turn as the pass does."""


@mutable
class LoopBuilder(HeadBuilder):
    """The pieces of one loop, while it is put together. ``bound`` is, under its variable, the entry of a list beside
    the map in whose turn the pass is made, if it is ``inner``."""

    given: Inputs
    rows: list[Row]
    layouts: Mapping[str, list[dict[str, Value]]]
    neighbours: Neighbours | None
    tracks: list[Track]
    heading: int
    prefix: str
    scales: Mapping[StateVar, int]
    head: dict[StateVar, Value] = field(default_factory=dict)
    start: dict[StateVar, Value] = field(default_factory=dict)
    facts: list[Term] = field(default_factory=list)
    missed: dict[StateVar, int] = field(default_factory=dict)
    owners: Owners | None = None
    known: tuple[Term, ...] = ()
    entries: Entries = field(default_factory=dict)
    inside: Inside | None = None
    bound: Mapping[str, Region] = field(default_factory=dict)
    inner: bool = False
    tallies: Counted = field(default_factory=dict)
    """The sums that are added up, by their numbers, each with what it comes to in the end, if that has a name."""
    nested: int = 0
    """The number of passes in turns so far."""

    @property
    def count(self) -> int:
        """The number of witnesses."""
        return len(self.rows)

    @property
    def seen(self) -> tuple[Term, ...]:
        """By witness, that it had its turn."""
        return tuple(self.head[HadTurn(index)] for index in range(self.count))

    @property
    def totals(self) -> Totals:
        """The sums in the state."""
        return Totals(self.given, self.rows, self.head, used=not self.inner)

    @property
    def sums(self) -> Tallies:
        """The sums that the algorithms add up themselves, in the state."""
        return Tallies(self.given, self.rows, self.head, self.tallies)

    @property
    def stand_ins(self) -> StandIns:
        """The anonymous region in the places of the witnesses."""
        given = any(track.run.handover is not None and track.run.source in self.layouts for track in self.tracks)
        changed = given or any(track.written for track in self.tracks)
        receiving = frozenset(track.run.name for track in self.tracks if track.giver is not None)
        return StandIns(self.owners, self.known, self.rows, self.head, self.heading, self.prefix, changed, receiving)

    def build(self) -> Loop:
        """Return the loop. Raises `OutOfReachError`."""
        for track in self.tracks:
            self._add_track(track)
        for index in range(self.count):
            self._add_flag(HadTurn(index))
        for index in self.tallies:
            self._add_sum(Tallied(index), n.const(0), COARSEST)
        steps = tuple(self._step(turn) for turn in (None, *range(self.count)))
        if self.tracks[0].division:
            steps += tuple(self._step(None, index) for index in self._regions())
        if self.count == 2 and self.heading:
            first, second = self._visiting()
            self.facts.append(disj(neg(self.seen[second]), self.seen[first]))
        for track in self.tracks:
            self.facts += self.totals.holds(track, self._unseen(track, None), None)
            self.facts += self._placed(track).bounds(self._unseen(track, None), None)
            if track.division:
                self.facts += self.totals.bounds_of_pieces(track, self._unseen(track, None), None)
            else:
                self.facts += self.totals.bounds(track, None, None)
        self.facts += self.sums.bounds(None, None)
        return Loop(
            head=self.head,
            start=self.start,
            facts=tuple(self.facts),
            steps=steps,
            finished=conj(*self.seen),
            neighbours=self.neighbours is not None,
            view=self._view(),
        )

    # --- the state at the head

    def _add_track(self, track: Track) -> None:
        name = track.run.name
        for variable_name in sorted(walk.assigned(track.body) & track.scalars.keys()):
            self._add(RunVariable(name, variable_name), track.types[variable_name], track.scalars[variable_name])
        if p.Exit.PASS in walk.exits(track.body):
            self._add_flag(Stopped(name))
        kinds = dict(self.given.record.fields)
        for index, fields in enumerate(track.witnesses):
            for written in sorted(walk.writes(track.body)):
                self._add(WitnessField(name, index, written), kinds.get(written), fields[written])
        for previous in sorted(walk.remembers(track.body)):
            for index in range(len(track.witnesses)):
                self._add_flag(Remembered(name, index, previous))
        if track.authors is not None and track.authors.moves(track.body):
            for key, value in track.authors.start():
                self._add(key, None, value)
        for index, _ in self.totals.of(track):
            if not track.division:
                self._add_sum_of_run(Spent(name, index), track.spent)
            if track.selected or track.division:
                self._add_sum(Passed(name, index), n.const(0), COARSEST)
            if p.PLACED in walk.writes(track.body) and not self.inner and places_by_marks(track.run, self.given):
                self._add_sum_of_run(Placed(name, index), track.spent)
        for lasting in self.totals.lasting(track):
            self._add_sum(Held(name, lasting.total), n.const(0), COARSEST)

    # --- what invariants are about

    def _view(self) -> View:
        runs = [track.run.name for track in self.tracks]
        return View(
            scalars=dict(scalars_in(self.tracks, self.head, self.start)),
            scopes={
                track.run.name: {
                    own: self.head.get(RunVariable(track.run.name, own), track.scalars[own])
                    for own in track.types
                    if own in track.scalars
                }
                for track in self.tracks
            },
            witnesses=tuple(
                {name: regions[index] for name, regions in self.layouts.items()}
                | {track.run.name: self._witness(track, index) for track in self.tracks}
                for index in range(self.count)
            ),
            seen=self.seen,
            ghosts={
                track.run.name: (*self.totals.sums(track), *self._placed(track).amounts()) for track in self.tracks
            },
            tallies=self.sums.so_far(),
            changing=frozenset(key for key in self.head if isinstance(key, RunVariable)),
            stopped=tuple(self.head[Stopped(run)] for run in runs if Stopped(run) in self.head),
            tracks=tuple(runs),
            selects={
                track.run.name: tuple(self.totals.selects(track, row) for row in self.rows) for track in self.tracks
            },
            passes={track.run.name: track.pending for track in self.tracks if track.pending is not None},
            directions={track.run.name: track.direction for track in self.tracks},
            entries={name: tuple((entry, TRUE) for entry in found) for name, found in self.entries.items()},
            inner=self.inner,
            placed_before=frozenset(track.run.name for track in self.tracks if p.PLACED in track.written),
            authors=next((track.authors.at(self.head) for track in self.tracks if track.authors is not None), None),
        )

    def _witness(self, track: Track, index: int) -> dict[str, Value]:
        """A witness as a run has it at the head of the loop."""
        name, fields = track.run.name, track.witnesses[index]
        if track.giver is not None:
            assert track.run.handover is not None
            fields = {**fields, **receive(track.run.handover, self._witness(track.giver, index), self.given)}
        return {key: self.head.get(WitnessField(name, index, key), value) for key, value in fields.items()}

    # --- steps

    def _regions(self) -> Iterator[int]:
        """The witnesses that are pieces of different regions of the map."""
        return (i for i, row in enumerate(self.rows) if all(row is not before for before in self.rows[:i]))

    def _visiting(self) -> tuple[int, int]:
        """The indices of the two witnesses in the order in which this loop comes to them."""
        return (0, 1) if self.heading > 0 else (1, 0)

    def _between(self) -> Term:
        """Tell whether the witness that this loop comes to first had its turn, and the other not."""
        if self.count < 2 or not self.heading:
            return FALSE
        first, second = self._visiting()
        return conj(self.seen[first], neg(self.seen[second]))

    def _step(self, turn: int | None, beside: int | None = None) -> Step:
        """The turn of a witness, of another piece of the region that the witness ``beside`` is of, or of any other
        region."""
        constraints: list[Term] = []
        other = turn if beside is None else beside
        row = self._anonymous(constraints) if other is None else self.rows[other]
        stand_ins = self.stand_ins
        castings = stand_ins.castings(row) if other is None else ()
        casting, recalled = stand_ins.history(castings)
        element = Element(f"{self.prefix}:x{'' if beside is None else beside + 1}", self.given)
        if turn is not None:
            constraints.append(neg(self.seen[turn]))
            if self.count == 2 and self.heading:
                first, second = self._visiting()
                constraints.append(neg(self.seen[second]) if turn == first else self.seen[first])
        for track in self.tracks:
            if not track.division:
                constraints += self.totals.bounds(track, turn, row)
        constraints += self.sums.bounds(turn, row)
        if other is None and self.neighbours is not None and not self.tracks[0].division:
            constraints += none_between(self.neighbours, row, self._between(), self.given)
        after: dict[StateVar, Value] = dict(self.head)
        overflows: list[tuple[str, Overflow]] = []
        entering: dict[str, Region] = {}
        left: dict[str, dict[str, Value]] = {}
        nested: list[Nested] = []
        for track in self.tracks:
            region = self._entering(track, turn, row, left, constraints, element, casting)
            entering[track.run.name] = dict(region)
            unseen = self._unseen(track, turn)
            if track.division:
                constraints += self.totals.bounds_of_pieces(track, unseen, (row, region))
            constraints += self.totals.holds(track, unseen, region)
            constraints += self._placed(track).bounds(unseen, (row, dict(region)))
            constraints += in_order_of_key(track, region, unseen)
            others = [witness for _, witness, _ in unseen]
            taken = self._turn(track, region, others, row, constraints, nested)
            left[track.run.name] = region
            self._effects(track, turn, taken, after)
            before = entering[track.run.name]
            added = (*self.totals.after(track, row, before), *self._placed(track).after(row, before, region))
            after |= {key: self._scaled(key, value) for key, value in added}
            overflows += [(track.run.name, overflow) for overflow in taken.overflows]
            if turn is None and self.neighbours is not None and self.neighbours.regions.name == track.run.name:
                constraints += not_between(self.neighbours, track, region, self._between(), self.given)
        after |= {key: self._scaled(key, value) for key, value in self.sums.after(row)}
        after |= {HadTurn(turn): TRUE} if turn is not None else {}
        constraints += element.constraints
        name = "any other region" if turn is None else f"witness {turn + 1}"
        if beside is not None:
            name = f"another piece of witness {beside + 1}"
            numbers = {key: number for track in self.tracks for key, number in element.numbers.items()}
            same = [index for index, each in enumerate(self.rows) if each is row]
            constraints += [different(numbers, self.tracks[0].numbers[index]) for index in same]
        whose = Whose.OTHER if turn is None else Whose.WITNESS
        owed, within = tuple(overflows), tuple(nested)
        roles = tuple(stand_ins.roles(castings, entering))
        return Step(name, conj(*constraints), after, owed, tuple(recalled), entering, left, within, whose, roles)

    def _turn(
        self,
        track: Track,
        region: dict[str, Value],
        others: list[dict[str, Value]],
        row: Row,
        constraints: list[Term],
        nested: list[Nested],
    ) -> Turn:
        name = track.run.name
        scalars = {own: self.head.get(RunVariable(name, own), value) for own, value in track.scalars.items()}
        stopped = self.head.get(Stopped(name), FALSE)

        def inner(statement: p.Pass, turn: Turn, variable: str) -> None:
            assert self.inside is not None  # there is no pass in a turn of a pass that is in a turn
            self.nested += 1
            made = self.inside(self, track, row, statement, turn, variable)
            nested.append(replace(made, premises=(*constraints, *made.premises)))

        fresh = self._fresh(track, constraints)
        live = region[PRESENT]
        taken = Turn(scalars, region, live, stopped, fresh, entries=self.bound, inner=inner, others=others)
        assert track.pending is not None
        visit(track.pending, taken, conj(track.live, region[PRESENT]))
        constraints += taken.constraints
        return taken

    def _unseen(self, track: Track, turn: int | None) -> list[tuple[Row, dict[str, Value], Term]]:
        """The witnesses whose turn this is not, as the run has them, and whether they had theirs."""
        others = (index for index in range(self.count) if index != turn)
        return [(self.rows[index], self._witness(track, index), self.seen[index]) for index in others]

    def _placed(self, track: Track) -> PlacedSums:
        """The sums over what a run has placed, in the state."""
        return PlacedSums(self.given, track.run, self.head)

    def _effects(self, track: Track, turn: int | None, taken: Turn, after: dict[StateVar, Value]) -> None:
        """Put into ``after`` the changes that a run's turn makes to the state."""
        name = track.run.name
        for own in walk.assigned(track.body) & track.scalars.keys():
            variable_of_run = RunVariable(name, own)
            after[variable_of_run] = self._scaled(variable_of_run, taken.scalars[own])
        if Stopped(name) in self.head:
            after[Stopped(name)] = taken.stopped
        if track.authors is not None and track.authors.moves(track.body):
            track.authors.at(self.head).put(turn, taken, after)
        if turn is not None:
            assert taken.region is not None
            for written in walk.writes(track.body):
                key = WitnessField(name, turn, written)
                after[key] = self._scaled(key, taken.region[written])
        after_turn(name, turn, taken, self.head, after)
        for key in [each for each in after if isinstance(each, WitnessField) and each.run == name]:
            after[key] = self._scaled(key, after[key])

    def _anonymous(self, constraints: list[Term]) -> Row:
        """Any region that is no witness, as the maps gave it."""
        row, legal = inputs.row(f"{self.prefix}:x", self.given, self.entries)
        constraints += legal
        for index, witness in enumerate(self.rows):
            if self.heading == 0:
                constraints += inputs.pair(row, witness, self.given, ordered=False)
                continue
            before = inputs.pair(row, witness, self.given)
            after = inputs.pair(witness, row, self.given)
            if self.heading < 0:
                before, after = after, before
            constraints += [disj(self.seen[index], term) for term in before]
            constraints += [disj(neg(self.seen[index]), term) for term in after]
        return row

    def _entering(
        self,
        track: Track,
        turn: int | None,
        row: Row,
        left: Mapping[str, dict[str, Value]],
        constraints: list[Term],
        element: Element,
        casting: Casting | None = None,
    ) -> dict[str, Value]:
        """The region as it enters its turn in a run."""
        if track.giver is not None:
            assert track.run.handover is not None
            return receive(track.run.handover, left[track.giver.run.name], self.given)
        if turn is not None:
            return self._witness(track, turn)
        if track.recipe:
            return element.of(track.run.name, track.recipe, row.of(track.origin))
        if casting is not None:
            values = {key: casting.value(value) for key, value in track.witnesses[0].items()}
            if all(value is not None for value in values.values()):
                return values
        region, legal = forgotten(track, row, f"{self.prefix}:{track.run.name}", self.given)
        constraints += legal
        return region

    def _fresh(self, track: Track, constraints: list[Term]) -> Fresh:
        def fresh(name: str, kind: Type) -> Value:
            value, legal = variable(f"{self.prefix}:{track.run.name}:{name}", kind)
            constraints.append(legal)
            return value

        return fresh
