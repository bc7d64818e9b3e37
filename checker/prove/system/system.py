"""The scenario as loops over an unknown number of regions, seen from one or two of them.

**Witness abstraction.** A property of one region (of a pair) fails on some map if and only if it fails for some region
``w`` (pair ``w1`` before ``w2``) of it. So fix arbitrary regions of an arbitrary map and follow them through every
pass. A pass then is a loop whose steps are: the turn of a witness, once each, in the order that the pass's direction
gives; or the turn of any other region, of which nothing is known but the assumptions (for itself, and with each
witness, in the order in which the two stand). The state at the head of the loop is finite: the algorithm's variables,
the witnesses' fields, and which witnesses have had their turn.

*Sound*, because every real execution on a map with at least as many regions as there are witnesses is an execution of
this system for every choice of witnesses: each real turn is one of the steps, with constraints that are instances of
the assumptions. (Maps with fewer regions have no instance of the property; what is owed outside the turns of regions is
shown with no witness at all, and what is owed in them of a witness: see `checker.prove.proof.goals.goals_of`.) The
other direction does not hold, so a failed proof proves nothing.

An anonymous region's fields that earlier passes may have written are unknown here: its history is forgotten.

**Totals.** For an assumption ``total(a) <= B`` with ``a >= 0``, a ghost variable of each run adds up the regions that
its passes have selected so far, each region once: a pass that selects it again does not count it. What a pass
selects is told by its ``where``, if the map alone decides that; else the pass is taken to select everything. At each
step the ghost, the amount of the region whose turn it is, and those of the witnesses, as far as they were not
counted yet, are parts of the total, without overlap; so together they are at most ``B``.

**Neighbours.** For a property of regions next to each other in the list of those for which ``c`` holds, the witnesses
are two such neighbours: no region between them has ``c``. A turn between the witnesses is constrained by ``not c``
as soon as no later pass can change what ``c`` looks at.

**Several runs.** The regions of all maps are the rows of one table (see `checker.prove.system.inputs`), so that every
run is a walk over the same rows, each taking part in the passes of those runs in whose list it is. A hand-over turns
the fields with which a region leaves one run into those with which it enters the next, and says whether it does.

**Fusion.** Passes of different runs that walk in the same direction are put into one loop, whose step is the turn of
one row in each of them, one after the other. *Sound*, because a turn in one run reads only that run's variables and
that region's fields, and a run that receives regions from another one is fused only with the other's last pass: when
the region's turn comes in it, the region has its final fields. So turns of runs can be reordered freely, as long as
each run keeps its own order. Fusion gives how the variables of two runs at the same row are related: mostly, equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field

from checker import program as p
from checker.base.values import mutable
from checker.program import walk
from checker.program.types import Type
from checker.prove.pieces import splitting
from checker.prove.pieces.elements import Forgotten, Numbers, Recipe
from checker.prove.pieces.idle import idle
from checker.prove.pieces.tallies import Tally, settled, tallies
from checker.prove.system import chains, inputs
from checker.prove.system.claims import Witnesses
from checker.prove.system.history import Owners
from checker.prove.system.inputs import Row
from checker.prove.system.loop import ArithmeticObligation, Loop, Neighbours, Track, Whose, selection
from checker.prove.system.loops.authors import Authors
from checker.prove.system.loops.entry_loop import (
    EntryLoopBuilder,
    Infer,
    Visitor,
    inner_turns,
    over_entries,
    with_inner,
)
from checker.prove.system.loops.head import fitted
from checker.prove.system.loops.region_loop import LoopBuilder
from checker.prove.system.receive import havoc_region, receive
from checker.prove.system.receivers import arriving, giver_of, on_arrival, received, received_early
from checker.prove.system.state import (
    HadTurn,
    Placed,
    Remembered,
    RunVariable,
    Spent,
    StateVar,
    WitnessField,
    witness_name,
    witness_of,
)
from checker.prove.system.turn import Turn, ends, execute
from checker.prove.terms.encode import FALSE, Environment, Overflow, Value, conj, encode, neg, variable
from checker.prove.terms.numbers import NoRuleError, Num, Term

Follows = Callable[[Sequence[Term], Sequence[Term]], list[bool]]
"""Tells which of some claims follow from some facts."""


@mutable
class System:
    """Follows the scenario's runs, finding invariants on the way; at the end ``facts`` and ``layouts`` tell all."""

    given: inputs.Inputs
    count: int
    infer: Infer
    follows: Follows
    neighbours: Neighbours | None = None
    author: RunVariable | None = None
    authors: Authors | None = None
    """The variable of a run of which it is asked in whose turn it got its value, and the answer, once it has ended."""
    facts: list[Term] = field(default_factory=list)
    invariants: list[Term] = field(default_factory=list)
    obligations: list[ArithmeticObligation] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    layouts: dict[str, Witnesses] = field(default_factory=dict)
    """The witnesses in each map, and in each layout that is finished."""
    directions: dict[str, int] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    original: dict[str, frozenset[str]] = field(default_factory=dict)
    """By map and finished layout: its order, the map it comes from, the fields in which it is as that map."""
    ended: dict[str, Value] = field(default_factory=dict)
    """The variables of finished runs as they are at their end. *Sound* to speak of: what is known of the last loop's
    head holds when it is left, and the statements behind it are executed as they stand."""
    recipes: dict[str, tuple[Recipe, list[Numbers]]] = field(default_factory=dict)
    """By finished layout, what was done to its regions where they may be pieces, and which pieces the witnesses are."""
    parted: int | None = None
    """The split that makes two witnesses of one region; None where they come from two regions of the map."""
    joint: frozenset[str] = frozenset()
    """The lists in which the two witnesses are one region still."""
    splits: int = 0
    names: int = 0
    owners: Owners = field(default_factory=Owners)
    within_chain: bool = False
    beside: tuple[str, ...] = ()
    """The lists beside the map of which an entry is looked at, each as often as one is."""
    entries: inputs.Entries = field(default_factory=dict)
    tallies: tuple[Tally, ...] = ()
    whole: dict[Tally, Num] = field(default_factory=dict)
    """The sums that a loop has added up to the end."""

    def __post_init__(self) -> None:
        self.facts += self.given.facts
        if self.parted is not None:
            splitting.require_one_after_the_other(self)
            self.count = 1
        runs = self.given.scenario.runs
        if any(run.beside for run in runs) and any(walk.has_split(run.algorithm.body) for run in runs):
            raise NoRuleError("regions that are split beside a list: give what an entry says as parameters")
        self.tallies = tallies(self.given.scenario) if self.parted is None else ()
        self.entries, known = inputs.entries(self.beside, self.given)
        self.facts += known
        self.owners.share(value for found in self.entries.values() for entry in found for value in entry.values())
        for index in range(self.count):
            made, legal = inputs.row(witness_name(index), self.given, self.entries)
            self.rows.append(made)
            self.facts += legal
        if self.count == 2:
            self.facts += inputs.pair(self.rows[0], self.rows[1], self.given)
        for key in self.rows[0].fields if self.rows else ():
            self.owners.record([made.fields[key] for made in self.rows])
        for key in self.rows[0].present if self.rows else ():
            self.owners.record([made.present[key] for made in self.rows])
        self.owners.share(self.given.scalars.values())
        for each in self.given.scenario.maps:
            self.layouts[each.name] = [made.of(each.name) for made in self.rows]
            self.directions[each.name] = 1
            self.origins[each.name] = each.name
            self.original[each.name] = frozenset(name for name, _ in self.given.record.inputs)

    def solve(self) -> None:
        """Follow every run to its end. Raises `OutOfReachError`."""
        waiting = list(self.given.scenario.runs)
        moving: list[Track] = []
        while waiting or moving:
            for run in tuple(waiting):
                if (
                    run.source in self.layouts
                    or giver_of(run, moving) is not None
                    or received_early(self, run) is not None
                ):
                    waiting.remove(run)
                    if run.chained and run.source in self.recipes:
                        raise NoRuleError("regions that were split, in a chain of any length")
                    if run.chained:
                        chains.follow(self, run)
                    else:
                        self._start(run, moving)
            if moving:
                self.make_loop(moving)

    # --- runs

    def _start(self, run: p.Run, moving: list[Track]) -> None:
        giver = giver_of(run, moving)
        early = received_early(self, run)
        if early is not None and run.source not in self.layouts:
            track = early
        elif run.handover is None:
            source = self.layouts[run.source]
            direction, origin = self.directions[run.source], self.origins[run.source]
            track = Track(run, direction, origin, self.original[run.source], [dict(w) for w in source])
        elif giver is None:
            track = received(self, run, self.layouts[run.source], self.directions[run.source])
        else:
            original = arriving(run.handover, giver.original - walk.writes(giver.run.algorithm.body), self.given)
            direction = on_arrival(giver.direction, run.handover)
            blank = [self.unknown(f"{run.name}.{witness_name(index)}") for index in range(self.count)]
            track = Track(run, direction, giver.origin, original, blank, giver=giver)
        self.enter(track, moving)

    def unknown(self, name: str) -> dict[str, Value]:
        """A region of which nothing is known (yet)."""
        self.names += 1
        fields, facts = havoc_region(f"{name}!{self.names}", self.given.record)
        self.facts += facts
        return fields

    def enter(self, track: Track, moving: list[Track]) -> None:
        """Take a run to its first pass, or to its end."""
        overflows: list[Overflow] = []
        env = Environment(self.given.scalars, on_overflow=overflows.append)
        algorithm = track.run.algorithm
        for (name, kind, _), argument in zip(algorithm.parameters, track.run.arguments, strict=True):
            track.scalars[name], track.types[name] = encode(argument, env), kind
        self.add_obligations([(track.run.name, overflow) for overflow in overflows])
        track.idle = tuple(idle(algorithm, track.scalars))
        track.left = sum(not track.is_idle(each) for each in walk.outer_passes(algorithm.body))
        track.numbers = track.numbers or [{} for _ in track.witnesses]
        track.authors = Authors.none(self.author, track.run, self.count)
        track.steps = self._block(algorithm.body, track)
        self._advance(track, moving)

    def _advance(self, track: Track, moving: list[Track]) -> None:
        """Take a run to its next pass, or to its end."""
        track.pending = None
        for _ in track.steps:
            moving.append(track)
            return
        name = track.run.name
        self.layouts[name], self.directions[name], self.origins[name] = track.witnesses, track.direction, track.origin
        self.original[name] = track.original - walk.writes(track.run.algorithm.body)
        self.ended |= ends(name, track.scalars)
        self.authors = track.authors or self.authors
        if track.division:
            self.recipes[name] = (track.recipe, track.numbers)

    def _block(self, statements: tuple[p.Statement, ...], track: Track) -> Iterator[None]:
        """Execute top-level statements, pausing at each pass until it has been made."""
        for statement in statements:
            if isinstance(statement, p.Pass) and track.is_idle(statement):
                continue
            if isinstance(statement, p.Pass) and splitting.make_at_once(self, statement, track):
                track.left -= 1
            elif isinstance(statement, p.Pass):
                track.pending = statement
                track.left -= 1
                yield
                track.written |= walk.writes(statement.body)
            elif isinstance(statement, p.If) and walk.has_pass(statement):
                live = track.live
                overflows: list[Overflow] = []
                env = Environment(track.scalars, path=live, on_overflow=overflows.append)
                condition = encode(statement.condition, env)
                self.add_obligations([(track.run.name, overflow) for overflow in overflows])
                for branch, test in ((statement.then, condition), (statement.otherwise, neg(condition))):
                    track.live = conj(live, test)
                    outer = frozenset(track.scalars)
                    yield from self._block(branch, track)
                    track.forget(outer)
                track.live = live
            else:
                self._straight(statement, track)

    def _straight(self, statement: p.Statement, track: Track) -> None:
        turn = Turn(track.scalars, None, track.live, FALSE, self._fresh)
        outer = frozenset(track.scalars)
        execute((statement,), turn, "")
        self.facts += turn.constraints
        track.authors = track.authors and track.authors.after_statement(turn)
        if isinstance(statement, p.Declare | p.Choose):
            track.types[statement.name] = statement.type
        else:
            track.forget(outer)
        self.add_obligations([(track.run.name, overflow) for overflow in turn.overflows])

    def _fresh(self, name: str, kind: Type) -> Value:
        self.names += 1
        value, legal = variable(f"{name}!{self.names}", kind)
        self.facts.append(legal)
        self.owners.share([value])
        return value

    def add_obligations(
        self, overflows: Iterable[tuple[str, Overflow]], *premises: Term, whose: Whose = Whose.NONE
    ) -> None:
        """Note what checked operators owe in a turn, given what is known now and ``premises``."""
        self.obligations += [
            ArithmeticObligation(run, overflow, (*self.facts, *premises), whose) for run, overflow in overflows
        ]

    # --- loops

    def make_loop(self, moving: list[Track]) -> None:
        """Make one loop of the first run's pass and of all that can be fused with it, and go past it."""
        heading, over = moving[0].heading, moving[0].over
        together: list[Track] = []
        for track in moving:
            received = track.giver is None or any(other is track.giver for other in together)
            alike = track.way is not None and track.way == moving[0].way
            if received and (not together or alike):
                together.append(track)
        built = self._build_over(together, over) if over else self._build(together, heading)
        loop = with_inner(built, self.facts, self.infer)
        self._record(loop, together)
        found = self.infer(loop, self.facts)
        self.invariants += found
        for step in loop.steps:
            self.add_obligations(step.overflows, *loop.facts, *found, *step.premises, whose=step.whose)
            for turn, known in inner_turns(step):
                self.add_obligations(turn.overflows, *loop.facts, *found, *known, whose=step.whose)
        self.facts += [*loop.facts, *found, loop.finished, *settled(self.tallies, self.whole, loop)]
        moving[:] = [track for track in moving if all(track is not other for other in together)]
        for track in together:
            self._leave(track, loop)
        for track in together:
            self._advance(track, moving)

    def _added_up(self, tracks: Sequence[Track]) -> dict[int, tuple[Tally, Num | None]]:
        """The sums that a loop adds up, by their numbers, with what they come to."""
        if self.within_chain or any(track.division for track in tracks):
            return {}
        origins = {track.origin for track in tracks}
        return {i: (each, self.whole.get(each)) for i, each in enumerate(self.tallies) if each.map in origins}

    def _record(self, loop: Loop, tracks: Sequence[Track]) -> None:
        """Note whose the variables of a loop are."""
        shared = dict(loop.head)
        each = range(self.count)
        own: list[list[StateVar]] = [[HadTurn(index) for index in each if HadTurn(index) in shared]]
        for track in tracks:
            written, names = sorted(walk.writes(track.body)), sorted(walk.remembers(track.body))
            own += [[WitnessField(track.run.name, index, name) for index in each] for name in written]
            own += [[Remembered(track.run.name, index, previous) for index in each] for previous in names]
            own += track.authors.own(shared) if track.authors else []
        for keys in own:
            self.owners.record([shared.pop(key) for key in keys])
        assert all(witness_of(key) is None for key in shared), "what belongs to a witness is shared"
        self.owners.share(shared.values())

    def _build(self, tracks: list[Track], heading: int) -> Loop:
        """The loop, with the coarsest scales that every step respects."""

        def builder(scales: Mapping[StateVar, int]) -> LoopBuilder:
            self.names += 1
            made = LoopBuilder(
                self.given,
                self.rows,
                self.layouts,
                self.neighbours,
                tracks,
                heading,
                f"loop{self.names}",
                scales,
                entries=self.entries,
                inside=over_entries,
                tallies=self._added_up(tracks),
            )
            if self.neighbours is None and not self.within_chain and not any(each.recipe for each in tracks):
                made.owners, made.known = self.owners, tuple(self.facts)
            return made

        return fitted(builder)

    def _build_over(self, tracks: list[Track], over: str) -> Loop:
        """The loop over a list beside the map, likewise."""

        def visitor(track: Track) -> Visitor:
            assert track.pending is not None
            return Visitor(track, track.pending, track.scalars, track.witnesses, live=track.live)

        visitors = [visitor(track) for track in tracks]
        columns = [{name: regions[index] for name, regions in self.layouts.items()} for index in range(self.count)]
        self.names, prefix = self.names + 1, f"loop{self.names + 1}"
        return fitted(
            lambda scales: EntryLoopBuilder(
                self.given, over, self.entries, visitors, self.rows, columns, prefix, scales
            )
        )

    def _leave(self, track: Track, loop: Loop) -> None:
        """The run's state after the loop, in terms of the loop's variables."""
        name = track.run.name
        if track.recipe or walk.has_split(track.run.algorithm.body):
            track.recipe = (*track.recipe, Forgotten(walk.writes(track.body)))
        for own in sorted(walk.assigned(track.body) & track.scalars.keys()):
            track.first.setdefault(own, track.scalars[own])
            track.scalars[own] = loop.head[RunVariable(name, own)]
        if not track.over:
            track.selected.append(selection(track))
        track.authors = track.authors and track.authors.at(loop.head)
        for key, value in loop.head.items():
            if isinstance(key, Spent | Placed) and key.run == name:
                track.spent[key] = value
        for index, fields in enumerate(track.witnesses):
            if track.giver is not None and track.run.handover is not None:
                fields.update(receive(track.run.handover, track.giver.witnesses[index], self.given))
            for written in walk.writes(track.body):
                fields[written] = loop.head[WitnessField(name, index, written)]
        track.giver = None
