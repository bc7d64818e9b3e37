"""One loop of the system: the state at its head, and its steps. `checker.prove.system` has the soundness argument."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from math import gcd

import z3

from checker import program as p
from checker.program import walk
from checker.program.types import Type
from checker.prove.system import inputs
from checker.prove.system.history import Casting, Owners, Recalled, cast
from checker.prove.system.inputs import PRESENT, Inputs, Row
from checker.prove.system.loop import Loop, Neighbours, Step, Track, View, selection
from checker.prove.system.receive import havoc_region, receive
from checker.prove.system.turn import Fresh, Turn, visit
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import (
    FALSE,
    TRUE,
    Environment,
    Overflow,
    Region,
    Value,
    conj,
    disj,
    encode,
    neg,
    select,
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
    scales: Mapping[str, int]
    head: dict[str, Value] = field(default_factory=dict)
    start: dict[str, Value] = field(default_factory=dict)
    facts: list[Term] = field(default_factory=list)
    missed: dict[str, int] = field(default_factory=dict)
    owners: Owners | None = None
    known: tuple[Term, ...] = ()

    def build(self) -> Loop:
        """The loop. Raises `OutOfReachError`."""
        self.count = len(self.rows)
        for track in self.tracks:
            self._add_track(track)
        for index in range(self.count):
            self.head[f"seen{index + 1}"] = z3.Bool(f"{self.prefix}.seen{index + 1}")
            self.start[f"seen{index + 1}"] = FALSE
        self.seen = tuple(self.head[f"seen{index + 1}"] for index in range(self.count))
        steps = tuple(self._step(turn) for turn in (None, *range(self.count)))
        if self.count == 2 and self.heading:
            first, second = self._visiting()
            self.facts.append(disj(neg(self.seen[second]), self.seen[first]))
        for track in self.tracks:
            self.facts += self._bounds(track, None, None)
        return Loop(
            self.head,
            self.start,
            tuple(self.facts),
            steps,
            conj(*self.seen),
            self.neighbours is not None,
            self._view(),
        )

    # --- the state at the head

    def _add_track(self, track: Track) -> None:
        name = track.run.name
        for variable_name in sorted(walk.assigned(track.body) & track.scalars.keys()):
            self._add(f"{name}.{variable_name}", track.types[variable_name], track.scalars[variable_name])
        if p.Exit.PASS in walk.exits(track.body):
            self.head[f"{name}:stopped"] = z3.Bool(f"{self.prefix}.{name}:stopped")
            self.start[f"{name}:stopped"] = FALSE
        kinds = dict(self.given.record.fields)
        for index, fields in enumerate(track.witnesses):
            for written in sorted(walk.writes(track.body)):
                self._add(f"{name}.w{index + 1}.{written}", kinds.get(written), fields[written])
        for index, _ in self._totals(track):
            self._add_spent(track, index)
            if track.selected:
                self._add_passed(track, index)

    def _add(self, name: str, kind: Type | None, start: Value) -> None:
        """A state variable, of the scale that its start value has, at most."""
        self.start[name] = start
        if kind is None:
            self.head[name] = z3.Bool(f"{self.prefix}.{name}")
            return
        scale = self.scales.get(name)
        if scale is None:
            scale = _start_scale(start) if isinstance(start, Num) else 1
        self.head[name], legal = variable(f"{self.prefix}.{name}", kind, scale)
        self.facts.append(legal)

    # --- totals

    def _totals(self, track: Track) -> Iterator[tuple[int, p.TotalAtMost]]:
        """The bounds on totals of the map that a run's regions come from."""
        for index, total in enumerate(inputs.totals(self.given)):
            if total.regions.name == track.origin:
                yield index, total

    def _add_spent(self, track: Track, index: int) -> None:
        name = f"{track.run.name}:spent{index}"
        start = track.spent.get(index, n.const(0))
        assert isinstance(start, Num)
        spent = Num(z3.Int(f"{self.prefix}.{name}"), self.scales.get(name, _start_scale(start)))
        self.head[name], self.start[name] = spent, start
        self.facts.append(n.compare(p.Rel.LE, n.const(0), spent))

    def _add_passed(self, track: Track, index: int) -> None:
        name = f"{track.run.name}:passed{index}"
        passed = Num(z3.Int(f"{self.prefix}.{name}"), self.scales.get(name, COARSEST))
        self.head[name], self.start[name] = passed, n.const(0)
        self.facts.append(n.compare(p.Rel.LE, n.const(0), passed))

    def _passed(self, track: Track, index: int) -> Num | None:
        """What the regions that this pass has selected so far add up to; None in a run's first pass, where it is what
        the run has spent."""
        passed = self.head.get(f"{track.run.name}:passed{index}")
        assert passed is None or isinstance(passed, Num)
        return passed

    def _spent(self, track: Track, index: int) -> Num:
        spent = self.head[f"{track.run.name}:spent{index}"]
        assert isinstance(spent, Num)
        return spent

    def _selects(self, track: Track, row: Row) -> Term:
        """Tell whether the pending pass selects a region, by what the map says of it."""
        live, variable_name, where = selection(track)
        region = row.of(track.origin)
        return conj(live, encode(where, Environment(self.given.scalars, {variable_name: region}, exact=True)))

    def _selected(self, track: Track, row: Row) -> Term:
        """Tell whether a pass before the pending one selected the region."""
        region = row.of(track.origin)
        return disj(
            *(
                conj(live, encode(where, Environment(self.given.scalars, {name: region}, exact=True)))
                for live, name, where in track.selected
            )
        )

    def _bounds(self, track: Track, turn: int | None, row: Row | None) -> Iterator[Term]:
        """What was selected, the region whose turn it is, and the witnesses not selected yet, stay below each bound."""
        for index, total in self._totals(track):
            amounts = [self._spent(track, index)]
            if row is not None:
                amounts.append(self._unless(self._selected(track, row), total, row))
            for other, witness in enumerate(self.rows):
                if other != turn or row is None:
                    now = conj(self.seen[other], self._selects(track, witness))
                    amounts.append(self._unless(disj(self._selected(track, witness), now), total, witness))
            yield n.compare(p.Rel.LE, reduce(n.add, amounts), n.const(total.bound))
            passed = self._passed(track, index)
            if passed is not None:
                # Each region has one turn in a pass: what the pass has selected, the region whose turn it is and the
                # witnesses whose turn is to come are different regions, whatever passes before have selected.
                amounts = [passed]
                if row is not None:
                    amounts.append(self._unless(FALSE, total, row))
                for other, witness in enumerate(self.rows):
                    if other != turn or row is None:
                        now = conj(self.seen[other], self._selects(track, witness))
                        amounts.append(self._unless(now, total, witness))
                yield n.compare(p.Rel.LE, reduce(n.add, amounts), n.const(total.bound))

    def _count(self, passed: Num, track: Track, total: p.TotalAtMost, row: Row) -> Num:
        """The sum of a pass after a region's turn in it."""
        return n.add(passed, self._unless(neg(self._selects(track, row)), total, row))

    def _unless(self, condition: Term, total: p.TotalAtMost, row: Row) -> Num:
        amount = inputs.amount(total, row.of(total.regions.name), self.given)
        chosen = select(condition, n.const(0), amount)
        assert isinstance(chosen, Num)
        return chosen

    # --- what invariants are about

    def _view(self) -> View:
        scalars: dict[str, tuple[Type, Value]] = {}
        scopes: dict[str, dict[str, Value]] = {}
        changing = set()
        for track in self.tracks:
            name = track.run.name
            scopes[name] = {}
            for own, kind in track.types.items():
                if own not in track.scalars:
                    continue
                key = f"{name}.{own}"
                value = self.head.get(key, track.scalars[own])
                scopes[name][own] = value
                scalars[key] = (kind, value)
                if key in self.head:
                    changing.add(key)
                    scalars[f"{key}@start"] = (kind, self.start[key])
                    if own in track.first:
                        scalars[f"{key}@first"] = (kind, track.first[own])
        witnesses: list[dict[str, Region]] = [{} for _ in self.rows]
        for index, columns in enumerate(witnesses):
            columns.update({name: regions[index] for name, regions in self.layouts.items()})
            columns.update({track.run.name: self._witness(track, index) for track in self.tracks})
        stopped = tuple(
            self.head[f"{track.run.name}:stopped"] for track in self.tracks if f"{track.run.name}:stopped" in self.head
        )
        ghosts = {
            track.run.name: tuple(
                ghost
                for index, _ in self._totals(track)
                for ghost in (self._spent(track, index), self._passed(track, index))
                if ghost is not None
            )
            for track in self.tracks
        }
        return View(
            scalars,
            scopes,
            tuple(witnesses),
            self.seen,
            ghosts,
            frozenset(changing),
            stopped,
            tuple(track.run.name for track in self.tracks),
            {track.run.name: tuple(self._selects(track, row) for row in self.rows) for track in self.tracks},
            frozenset(track.run.name for track in self.tracks if p.PLACED in track.written),
        )

    def _witness(self, track: Track, index: int) -> dict[str, Value]:
        """A witness as a run has it at the head of the loop."""
        name, fields = track.run.name, track.witnesses[index]
        if track.giver is not None:
            assert track.run.handover is not None
            fields = {**fields, **receive(track.run.handover, self._witness(track.giver, index), self.given)}
        return {key: self.head.get(f"{name}.w{index + 1}.{key}", value) for key, value in fields.items()}

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
            constraints += self._bounds(track, turn, row)
        after: dict[str, Value] = dict(self.head)
        overflows: list[tuple[str, Overflow]] = []
        left: dict[str, dict[str, Value]] = {}
        for track in self.tracks:
            region = self._entering(track, turn, row, left, constraints, casting)
            taken = self._turn(track, region, constraints)
            left[track.run.name] = region
            self._effects(track, turn, taken, after)
            for index, total in self._totals(track):
                key = f"{track.run.name}:spent{index}"
                counts = conj(self._selects(track, row), neg(self._selected(track, row)))
                after[key] = self._scaled(key, n.add(self._spent(track, index), self._unless(neg(counts), total, row)))
                passed = self._passed(track, index)
                if passed is not None:
                    key = f"{track.run.name}:passed{index}"
                    after[key] = self._scaled(key, self._count(passed, track, total, row))
            overflows += [(track.run.name, overflow) for overflow in taken.overflows]
            if turn is None and self.neighbours is not None and self.neighbours.regions.name == track.run.name:
                constraints += self._not_between(track, region)
        if turn is not None:
            after[f"seen{turn + 1}"] = TRUE
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
        scalars = {own: self.head.get(f"{name}.{own}", value) for own, value in track.scalars.items()}
        stopped = self.head.get(f"{name}:stopped", FALSE)
        taken = Turn(scalars, region, region[PRESENT], stopped, self._fresh(track, constraints))
        assert track.pending is not None
        visit(track.pending, taken, conj(track.live, region[PRESENT]))
        constraints += taken.constraints
        return taken

    def _effects(self, track: Track, turn: int | None, taken: Turn, after: dict[str, Value]) -> None:
        """What a run's turn does to the state."""
        name = track.run.name
        for own in walk.assigned(track.body) & track.scalars.keys():
            after[f"{name}.{own}"] = self._scaled(f"{name}.{own}", taken.scalars[own])
        if f"{name}:stopped" in self.head:
            after[f"{name}:stopped"] = taken.stopped
        if turn is not None:
            assert taken.region is not None
            for written in walk.writes(track.body):
                key = f"{name}.w{turn + 1}.{written}"
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

    def _scaled(self, name: str, value: Value) -> Value:
        """Note where the scale of a state variable does not divide its next value."""
        head = self.head[name]
        if isinstance(head, Num) and isinstance(value, Num) and not n.divides(head.scale, value):
            self.missed[name] = gcd(head.scale, n.common_scale(value))
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
