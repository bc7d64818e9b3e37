"""One loop of the system: the state at its head, and its steps. `checker.prove.system` has the soundness argument."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import gcd

import z3

from checker import program as p
from checker.program import walk
from checker.program.types import Type
from checker.prove.system import inputs
from checker.prove.system.history import Casting, Owners, Recalled, cast
from checker.prove.system.inputs import PRESENT, Inputs, Row
from checker.prove.system.loop import Loop, Neighbours, Step, Track, View
from checker.prove.system.receive import havoc_region, receive
from checker.prove.system.state import HadTurn, Passed, RunVariable, Spent, StateVar, Stopped, When, WitnessField
from checker.prove.system.totals import Totals
from checker.prove.system.turn import Fresh, Turn, visit
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import (
    FALSE,
    TRUE,
    Environment,
    Overflow,
    Value,
    conj,
    disj,
    encode,
    neg,
    variable,
)
from checker.prove.terms.numbers import Num, Term

COARSEST = 1 << 12
"""No state variable gets a larger scale: beyond a page the numbers get no easier."""


@dataclass
class LoopBuilder:
    """The pieces of one loop, while it is put together. ``missed`` are scales that some step does not respect."""

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
        return Totals(self.given, self.rows, self.head)

    def build(self) -> Loop:
        """Return the loop. Raises `OutOfReachError`."""
        for track in self.tracks:
            self._add_track(track)
        for index in range(self.count):
            self._add_flag(HadTurn(index))
        steps = tuple(self._step(turn) for turn in (None, *range(self.count)))
        if self.count == 2 and self.heading:
            first, second = self._visiting()
            self.facts.append(disj(neg(self.seen[second]), self.seen[first]))
        for track in self.tracks:
            self.facts += self.totals.bounds(track, None, None)
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
        for index, _ in self.totals.of(track):
            start = track.spent.get(index, n.const(0))
            assert isinstance(start, Num)
            self._add_sum(Spent(name, index), start, _start_scale(start))
            if track.selected:
                self._add_sum(Passed(name, index), n.const(0), COARSEST)

    def _add_flag(self, key: StateVar) -> None:
        """Something that is not so where the loop starts."""
        self.head[key], self.start[key] = z3.Bool(f"{self.prefix}.{key}"), FALSE

    def _add(self, key: StateVar, kind: Type | None, start: Value) -> None:
        """A state variable, of the scale that its start value has, at most; without a type it is a mark."""
        self.start[key] = start
        if kind is None:
            self.head[key] = z3.Bool(f"{self.prefix}.{key}")
            return
        scale = self.scales.get(key)
        if scale is None:
            scale = _start_scale(start) if isinstance(start, Num) else 1
        self.head[key], legal = variable(f"{self.prefix}.{key}", kind, scale)
        self.facts.append(legal)

    def _add_sum(self, key: Spent | Passed, start: Value, coarsest: int) -> None:
        """A sum, of the scale that its start value has, at most."""
        total = Num(z3.Int(f"{self.prefix}.{key}"), self.scales.get(key, coarsest))
        self.head[key], self.start[key] = total, start
        self.facts.append(n.compare(p.Rel.LE, n.const(0), total))

    # --- what invariants are about

    def _view(self) -> View:
        runs = [track.run.name for track in self.tracks]
        return View(
            scalars=dict(self._scalars()),
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
            ghosts={track.run.name: self.totals.sums(track) for track in self.tracks},
            changing=frozenset(key for key in self.head if isinstance(key, RunVariable)),
            stopped=tuple(self.head[Stopped(run)] for run in runs if Stopped(run) in self.head),
            tracks=tuple(runs),
            selects={
                track.run.name: tuple(self.totals.selects(track, row) for row in self.rows) for track in self.tracks
            },
            placed_before=frozenset(track.run.name for track in self.tracks if p.PLACED in track.written),
        )

    def _scalars(self) -> Iterator[tuple[RunVariable, tuple[Type, Value]]]:
        """The runs' variables, each with its values at the moments that are known."""
        for track in self.tracks:
            for own, kind in track.types.items():
                if own not in track.scalars:
                    continue
                key = RunVariable(track.run.name, own)
                yield key, (kind, self.head.get(key, track.scalars[own]))
                if key in self.head:
                    yield replace(key, when=When.START), (kind, self.start[key])
                    if own in track.first:
                        yield replace(key, when=When.FIRST), (kind, track.first[own])

    def _witness(self, track: Track, index: int) -> dict[str, Value]:
        """A witness as a run has it at the head of the loop."""
        name, fields = track.run.name, track.witnesses[index]
        if track.giver is not None:
            assert track.run.handover is not None
            fields = {**fields, **receive(track.run.handover, self._witness(track.giver, index), self.given)}
        return {key: self.head.get(WitnessField(name, index, key), value) for key, value in fields.items()}

    # --- steps

    def _visiting(self) -> tuple[int, int]:
        """The indices of the two witnesses in the order in which this loop comes to them."""
        return (0, 1) if self.heading > 0 else (1, 0)

    def _step(self, turn: int | None) -> Step:
        constraints: list[Term] = []
        row = self._anonymous(constraints) if turn is None else self.rows[turn]
        casting, recalled = self._history(row) if turn is None else (None, ())
        if turn is not None:
            constraints.append(neg(self.seen[turn]))
            if self.count == 2 and self.heading:
                first, second = self._visiting()
                constraints.append(neg(self.seen[second]) if turn == first else self.seen[first])
        for track in self.tracks:
            constraints += self.totals.bounds(track, turn, row)
        after: dict[StateVar, Value] = dict(self.head)
        overflows: list[tuple[str, Overflow]] = []
        left: dict[str, dict[str, Value]] = {}
        for track in self.tracks:
            region = self._entering(track, turn, row, left, constraints, casting)
            taken = self._turn(track, region, constraints)
            left[track.run.name] = region
            self._effects(track, turn, taken, after)
            after |= {key: self._scaled(key, value) for key, value in self.totals.after(track, row)}
            overflows += [(track.run.name, overflow) for overflow in taken.overflows]
            if turn is None and self.neighbours is not None and self.neighbours.regions.name == track.run.name:
                constraints += self._not_between(track, region)
        if turn is not None:
            after[HadTurn(turn)] = TRUE
        name = "any other region" if turn is None else f"witness {turn + 1}"
        return Step(name, conj(*constraints), after, tuple(overflows), tuple(recalled))

    def _history(self, row: Row) -> tuple[Casting | None, tuple[Recalled, ...]]:
        """The anonymous region in the place of a witness, and what is known of it from earlier loops."""
        if self.owners is None or not self.rows or not any(track.written for track in self.tracks):
            return None, ()
        roles = [cast(self.owners, index, f"{self.prefix}:x'", row, self.rows) for index in range(self.count)]
        if self.count == 1:
            return roles[0], tuple(roles[0].recall(self.known))
        if self.owners.unlike or not self.heading:
            return roles[0], ()
        # In the table's order the first witness stands before the second. So does the region before the second if it
        # is in the first one's place, and the first before the region if it is in the second one's.
        seen1, seen2 = self.seen if self.heading > 0 else map(neg, self.seen)
        found = []
        for role, applies in ((roles[0], neg(seen2)), (roles[1], seen1)):
            found += [Recalled(disj(neg(applies), each.instance), each.origin) for each in role.recall(self.known)]
        return roles[0], tuple(found)

    def _turn(self, track: Track, region: dict[str, Value], constraints: list[Term]) -> Turn:
        name = track.run.name
        scalars = {own: self.head.get(RunVariable(name, own), value) for own, value in track.scalars.items()}
        stopped = self.head.get(Stopped(name), FALSE)
        taken = Turn(scalars, region, region[PRESENT], stopped, self._fresh(track, constraints))
        assert track.pending is not None
        visit(track.pending, taken, conj(track.live, region[PRESENT]))
        constraints += taken.constraints
        return taken

    def _effects(self, track: Track, turn: int | None, taken: Turn, after: dict[StateVar, Value]) -> None:
        """Put into ``after`` the changes that a run's turn makes to the state."""
        name = track.run.name
        for own in walk.assigned(track.body) & track.scalars.keys():
            variable_of_run = RunVariable(name, own)
            after[variable_of_run] = self._scaled(variable_of_run, taken.scalars[own])
        if Stopped(name) in self.head:
            after[Stopped(name)] = taken.stopped
        if turn is not None:
            assert taken.region is not None
            for written in walk.writes(track.body):
                key = WitnessField(name, turn, written)
                after[key] = self._scaled(key, taken.region[written])

    def _anonymous(self, constraints: list[Term]) -> Row:
        """Any region that is no witness, as the maps gave it."""
        row, legal = inputs.row(f"{self.prefix}:x", self.given)
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
        casting: Casting | None = None,
    ) -> dict[str, Value]:
        """The region as it enters its turn in a run."""
        if track.giver is not None:
            assert track.run.handover is not None
            return receive(track.run.handover, left[track.giver.run.name], self.given)
        if turn is not None:
            return self._witness(track, turn)
        if casting is not None:
            values = {key: casting.value(value) for key, value in track.witnesses[0].items()}
            if all(value is not None for value in values.values()):
                return values
        origin = row.of(track.origin)
        if track.run.handover is None:
            region = dict(origin)
            unknown = track.written
        else:
            region = dict(origin)
            if track.passed is not None:
                name, where = track.passed
                env = Environment(self.given.scalars, {name: origin}, exact=True)
                region[PRESENT] = conj(origin[PRESENT], encode(where, env))
            else:
                region[PRESENT] = z3.Bool(f"{self.prefix}:{track.run.name}:x:present")
                constraints.append(disj(neg(region[PRESENT]), origin[PRESENT]))
            unknown = track.written | (
                frozenset(region) - track.original - {PRESENT, *p.MARKS, *self.given.record.marks}
            )
        fresh, legal = havoc_region(f"{self.prefix}:{track.run.name}:x'", self.given.record)
        constraints += legal
        region.update({name: fresh[name] for name in unknown})
        return region

    def _not_between(self, track: Track, region: Mapping[str, Value]) -> Iterator[Term]:
        """A region between two neighbours is not one of those that the list is of, once it is sure not to become
        one."""
        assert self.neighbours is not None
        regions = self.neighbours.regions
        later = frozenset(name for later in _later(track) for name in walk.writes(later.body))
        if self.heading and not walk.fields_read(regions.where) & later:
            first, second = self._visiting()
            between = conj(self.seen[first], neg(self.seen[second]))
            yield disj(neg(between), neg(inputs.member(regions, region, self.given.scalars)))

    def _fresh(self, track: Track, constraints: list[Term]) -> Fresh:
        def fresh(name: str, kind: Type) -> Value:
            value, legal = variable(f"{self.prefix}:{track.run.name}:{name}", kind)
            constraints.append(legal)
            return value

        return fresh

    def _scaled(self, key: StateVar, value: Value) -> Value:
        """Note where the scale of a state variable does not divide its next value."""
        head = self.head[key]
        if isinstance(head, Num) and isinstance(value, Num) and not n.divides(head.scale, value):
            self.missed[key] = gcd(head.scale, n.common_scale(value))
            return head
        return value


def _later(track: Track) -> Iterator[p.Pass]:
    """The passes of a run that come after the pending one."""
    found = False
    for each in walk.passes(track.run.algorithm.body):
        if found:
            yield each
        found = found or each is track.pending


def _start_scale(start: Num) -> int:
    return COARSEST if start.constant == 0 else gcd(n.common_scale(start), COARSEST)
