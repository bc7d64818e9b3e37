"""Passes over lists beside the map, and passes in the turns of others.

**A list beside the map** is given, and nothing changes it. Arbitrary entries of it are followed as arbitrary regions of
the map are (`checker.prove.system.system`): a property of a region and an entry fails if it fails for some region and
some entry, and those are looked at. A pass over the list is a loop whose steps are the turn of an entry that is looked
at, once each, in their order; or of any other, of which nothing is known but the assumptions: of itself, with each
entry that is looked at, and with each region of the map. *Sound*, because each turn of a real pass is one of the steps,
and its constraints are instances of assumptions about every entry, and about every region and every entry.

**A pass in a turn** of another one is a loop of its own. It begins in the state in which that turn comes to it, with
all that is known of the turn there, and its invariants are found anew for each kind of turn. Where it ends, its state
is any in which its invariants hold and the entries that are looked at had their turns. *Sound*, because what is known
where it begins speaks of nothing that the pass changes (the state at its head has names of its own), so it holds at
every turn of it; and an invariant that holds where it begins and that each of its steps keeps holds where it ends.
Where the turn does not come to it nothing of this is said. The invariants of the loop around it are not used for it:
they are found afterwards, with what is known of its end.

A pass over the map in the turn of an entry is made again for each entry. So what any pass of the algorithm may have
written of a region that is no witness is unknown in it; and what it selects is no part of a total
(`checker.prove.system.totals`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import partial

from checker import program as p
from checker.base.values import mutable
from checker.program import walk
from checker.program.types import Type
from checker.prove.system import inputs
from checker.prove.system.inputs import Entries, Inputs, Row
from checker.prove.system.loop import Loop, Nested, Step, Track, View
from checker.prove.system.loops.head import HeadBuilder, fitted
from checker.prove.system.loops.region_loop import LoopBuilder
from checker.prove.system.state import HadEntry, RunVariable, StateVar, Stopped, When, WitnessField
from checker.prove.system.turn import Turn, visit_entry
from checker.prove.terms.encode import FALSE, TRUE, Region, Value, conj, disj, neg, select
from checker.prove.terms.numbers import OutOfReachError, Term


@mutable
class Visitor:
    """A run that makes a pass over a list beside the map: its state where the pass begins, the regions that the pass
    may change, and the one whose turn it is, if any is; ``live`` says whether a pass that stands in no other is made.
    """

    track: Track
    statement: p.Pass
    scalars: Mapping[str, Value]
    regions: Sequence[Region]
    region: Region | None = None
    variable: str = ""
    live: Term = TRUE

    @property
    def name(self) -> str:
        """The name of the run."""
        return self.track.run.name


@mutable
class EntryLoopBuilder(HeadBuilder):
    """The pieces of a loop over the entries of one list, while it is put together. ``rows`` are the regions of the maps
    that are known, ``columns`` the witnesses as the visitors do not change them."""

    given: Inputs
    over: str
    entries: Entries
    visitors: Sequence[Visitor]
    rows: Sequence[Row]
    columns: Sequence[Mapping[str, Region]]
    prefix: str
    scales: Mapping[StateVar, int] = field(default_factory=dict)
    inner: bool = False
    head: dict[StateVar, Value] = field(default_factory=dict)
    start: dict[StateVar, Value] = field(default_factory=dict)
    facts: list[Term] = field(default_factory=list)
    missed: dict[StateVar, int] = field(default_factory=dict)
    nested: int = 0

    @property
    def own(self) -> Sequence[Region]:
        """The entries of this list that are looked at."""
        return self.entries.get(self.over, ())

    @property
    def seen(self) -> tuple[Term, ...]:
        """By entry, that it had its turn."""
        return tuple(self.head[HadEntry(self.over, index)] for index in range(len(self.own)))

    def build(self) -> Loop:
        """Return the loop. Raises `OutOfReachError`."""
        for visitor in self.visitors:
            self._add_visitor(visitor)
        for index in range(len(self.own)):
            self._add_flag(HadEntry(self.over, index))
        steps = tuple(self._step(turn) for turn in (None, *range(len(self.own))))
        if len(self.own) == 2:
            first, second = self._visiting()
            self.facts.append(disj(neg(self.seen[second]), self.seen[first]))
        return Loop(self.head, self.start, tuple(self.facts), steps, conj(*self.seen), False, self._view())

    # --- the state at the head

    def _add_visitor(self, visitor: Visitor) -> None:
        name, body = visitor.name, visitor.statement.body
        types = types_in(visitor.track.run.algorithm)
        for own in sorted(walk.assigned(body) & visitor.scalars.keys()):
            self._add(RunVariable(name, own), types[own], visitor.scalars[own])
        if p.Exit.PASS in walk.exits(body):
            self._add_flag(Stopped(name))
        kinds = dict(self.given.record.fields)
        for index, region in enumerate(visitor.regions):
            for written in sorted(walk.writes(body)):
                self._add(WitnessField(name, index, written), kinds.get(written), region[written])

    def _region(self, visitor: Visitor, index: int) -> dict[str, Value]:
        """A region that may change, as it is at the head of the loop."""
        fields = visitor.regions[index]
        return {key: self.head.get(WitnessField(visitor.name, index, key), value) for key, value in fields.items()}

    # --- what invariants are about

    def _view(self) -> View:
        names = [visitor.name for visitor in self.visitors]
        count = len(self.columns)
        scalars = dict(self._scalars())
        return View(
            scalars=scalars,
            scopes={
                visitor.name: {
                    own: self.head.get(RunVariable(visitor.name, own), value) for own, value in visitor.scalars.items()
                }
                for visitor in self.visitors
            },
            witnesses=tuple(
                {**column, **{visitor.name: self._region(visitor, index) for visitor in self.visitors}}
                for index, column in enumerate(self.columns)
            ),
            seen=(TRUE,) * count,
            ghosts=dict.fromkeys(names, ()),
            tallies=(),
            changing=frozenset(key for key in self.head if isinstance(key, RunVariable)),
            stopped=tuple(self.head[Stopped(run)] for run in names if Stopped(run) in self.head),
            tracks=tuple(names),
            selects=dict.fromkeys(names, (TRUE,) * count),
            placed_before=frozenset(names),
            passes={visitor.name: visitor.statement for visitor in self.visitors},
            directions={visitor.name: visitor.track.direction for visitor in self.visitors},
            entries={
                name: tuple(zip(found, self.seen if name == self.over else (TRUE,) * len(found), strict=True))
                for name, found in self.entries.items()
            },
            inner=self.inner,
        )

    def _scalars(self) -> Iterator[tuple[RunVariable, tuple[Type, Value]]]:
        for visitor in self.visitors:
            types = types_in(visitor.track.run.algorithm)
            for own, value in visitor.scalars.items():
                key = RunVariable(visitor.name, own)
                yield key, (types[own], self.head.get(key, value))
                if key in self.head:
                    yield replace(key, when=When.START), (types[own], self.start[key])

    # --- steps

    def _visiting(self) -> tuple[int, int]:
        """The numbers of the two entries in the order in which the loop comes to them."""
        return (1, 0) if self.visitors[0].statement.reverse else (0, 1)

    def _step(self, turn: int | None) -> Step:
        constraints: list[Term] = []
        entry = self._anonymous(constraints) if turn is None else self.own[turn]
        if turn is not None:
            constraints.append(neg(self.seen[turn]))
            if len(self.own) == 2:
                first, second = self._visiting()
                constraints.append(neg(self.seen[second]) if turn == first else self.seen[first])
        after: dict[StateVar, Value] = dict(self.head)
        step = Step("any other entry" if turn is None else f"entry {turn + 1}", TRUE, after, ())
        overflows = []
        nested: list[Nested] = []
        for visitor in self.visitors:
            taken = self._turn(visitor, entry, constraints, nested, after)
            overflows += [(visitor.name, overflow) for overflow in taken.overflows]
        if turn is not None:
            after[HadEntry(self.over, turn)] = TRUE
        return replace(step, constraint=conj(*constraints), overflows=tuple(overflows), nested=tuple(nested))

    def _anonymous(self, constraints: list[Term]) -> Region:
        """Any entry that is not one of those that are looked at."""
        given = next(each for each in self.given.scenario.beside if each.name == self.over)
        made, legal = inputs.entry(f"{self.prefix}:y", given)
        constraints += [*legal, *inputs.alone(made, self.over, self.given)]
        constraints += inputs.across(made, self.over, self.entries, self.given)
        for row in self.rows:
            for each in self.given.scenario.maps:
                constraints += inputs.across(row.of(each.name), each.name, {self.over: [made]}, self.given)
        backwards = self.visitors[0].statement.reverse
        for index, other in enumerate(self.own):
            before = inputs.together(made, other, self.over, self.given)
            after = inputs.together(other, made, self.over, self.given)
            if backwards:
                before, after = after, before
            constraints += [disj(self.seen[index], term) for term in before]
            constraints += [disj(neg(self.seen[index]), term) for term in after]
        return made

    def _turn(
        self,
        visitor: Visitor,
        entry: Region,
        constraints: list[Term],
        nested: list[Nested],
        after: dict[StateVar, Value],
    ) -> Turn:
        name = visitor.name
        scalars = {own: self.head.get(RunVariable(name, own), value) for own, value in visitor.scalars.items()}
        regions = [self._region(visitor, index) for index in range(len(visitor.regions))]
        region = None if visitor.region is None else regions[0]
        inner = partial(self._inner, visitor, entry, regions, constraints, nested)
        stopped = self.head.get(Stopped(name), FALSE)
        taken = Turn(scalars, region, TRUE, stopped, _nothing, entries={visitor.statement.variable: entry}, inner=inner)
        visit_entry(visitor.statement, taken, visitor.live, visitor.variable)
        for key in self.head:
            match key:
                case RunVariable(run=run, name=own) if run == name:
                    after[key] = self._scaled(key, taken.scalars[own])
                case WitnessField(run=run, witness=index, name=written) if run == name:
                    after[key] = self._scaled(key, regions[index][written])
                case Stopped(run=run) if run == name:
                    after[key] = taken.stopped
                case _:
                    pass
        return taken

    def _inner(
        self,
        visitor: Visitor,
        entry: Region,
        regions: list[dict[str, Value]],
        constraints: list[Term],
        nested: list[Nested],
        statement: p.Pass,
        turn: Turn,
        _: str,
    ) -> None:
        """A pass over the map in the turn of an entry."""
        outer = visitor.track
        self.nested += 1
        track = replace(
            outer,
            witnesses=[dict(region) for region in regions],
            giver=None,
            scalars=dict(turn.scalars),
            types={own: kind for own, kind in types_in(outer.run.algorithm).items() if own in turn.scalars},
            written=outer.written | walk.writes(outer.run.algorithm.body),
            live=TRUE,
            pending=statement,
            selected=[],
            spent={},
            first={},
        )
        layouts = {
            name: [dict(column[name]) for column in self.columns] for column in self.columns[:1] for name in column
        }
        loop = fitted(
            lambda scales: LoopBuilder(
                self.given,
                list(self.rows),
                layouts,
                None,
                [track],
                track.heading,
                f"{self.prefix}:{self.nested}",
                scales,
                entries={**self.entries, self.over: [*self.own, entry]},
                bound={visitor.statement.variable: entry},
                inner=True,
            )
        )
        live = turn.live
        nested.append(Nested(loop, live, (*constraints, *turn.constraints, live)))
        for own in walk.assigned(statement.body) & turn.scalars.keys():
            turn.assign(own, select(live, loop.head[RunVariable(visitor.name, own)], turn.scalars[own]))
        for index, region in enumerate(regions):
            for written in walk.writes(statement.body):
                left = loop.head[WitnessField(visitor.name, index, written)]
                region[written] = select(live, left, region[written])


def types_in(algorithm: p.Algorithm) -> dict[str, Type]:
    """The types of an algorithm's variables. Raises `OutOfReachError` where two of one name have different ones."""
    types = {name: kind for name, kind, _ in algorithm.parameters}
    for each in walk.statements(algorithm.body):
        if isinstance(each, p.Declare | p.Choose) and types.setdefault(each.name, each.type) != each.type:
            raise OutOfReachError(f"variables of one name, `{each.name}`, and of two types, beside a pass in a turn")
    return types


def _nothing(name: str, _: Type) -> Value:
    raise AssertionError(f"`{name}` is chosen in a pass over a list beside the map")  # the elaborator refuses that


def over_entries(builder: LoopBuilder, track: Track, row: Row, statement: p.Pass, turn: Turn, variable: str) -> Nested:
    """The loop of a pass over a list beside the map in the turn of a region, which is changed as the pass does."""
    assert turn.region is not None
    name = track.run.name
    around = Visitor(track, statement, dict(turn.scalars), [dict(turn.region)], dict(turn.region), variable)
    maps = {each.name: row.of(each.name) for each in builder.given.scenario.maps}
    loop = fitted(
        lambda scales: EntryLoopBuilder(
            builder.given,
            track.run.list_of(statement.beside),
            builder.entries,
            [around],
            [*builder.rows, row],
            [maps],
            f"{builder.prefix}:{builder.nested}",
            scales,
            inner=True,
        )
    )
    live = turn.live
    for own in walk.assigned(statement.body) & turn.scalars.keys():
        turn.assign(own, select(live, loop.head[RunVariable(name, own)], turn.scalars[own]))
    for written in walk.writes(statement.body):
        turn.write(written, select(live, loop.head[WitnessField(name, 0, written)], turn.region[written]))
    return Nested(loop, live, (*turn.constraints, live))


Infer = Callable[[Loop, Sequence[Term]], list[Term]]
"""Finds invariants of a loop, given what is known before it."""


def with_inner(loop: Loop, facts: Sequence[Term], infer: Infer) -> Loop:
    """The loop with invariants for the passes in its turns, and what is known of a turn by them. ``facts`` is what is
    known before the loop."""
    steps = []
    for step in loop.steps:
        filled: list[Nested] = []
        known: tuple[Term, ...] = ()
        for each in step.nested:
            premises = (*each.premises, *known)
            found = infer(each.loop, (*facts, *loop.facts, *premises))
            filled.append(replace(each, premises=premises, found=tuple(found)))
            known += filled[-1].known()
        steps.append(replace(step, constraint=conj(step.constraint, *known), nested=tuple(filled)))
    return replace(loop, steps=tuple(steps))


def inner_turns(step: Step) -> Iterator[tuple[Step, tuple[Term, ...]]]:
    """The turns of the passes in a turn, each with what is known of it beside what is known of the loop around it."""
    for inner in step.nested:
        for turn in inner.loop.steps:
            yield turn, (*inner.premises, *inner.loop.facts, *inner.found, *turn.premises)
