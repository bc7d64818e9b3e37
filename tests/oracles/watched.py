"""Systems as the engine solves them, watched, so that a real run can find its way in them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import z3

from checker import program as p
from checker.prove import Limits
from checker.prove.invariants.templates import Stage
from checker.prove.system.loop import Loop, Neighbours, Track
from checker.prove.system.system import System
from checker.prove.terms.effort import Effort
from checker.prove.terms.encode import Overflow, Value, conj
from checker.prove.terms.numbers import Num
from tests.helpers import seams
from tests.helpers.patching import meanwhile
from tests.helpers.prover import Prover
from tests.oracles.ground import Bundle

Entry = tuple[str, int]
"""A run, and how often it was followed: only chained ones are followed more than once."""


@dataclass
class Solved:
    """A system as the engine solves it, with what is needed to find one's way in it."""

    system: Any = None
    facts: tuple[Any, ...] = ()
    loops: list[tuple[tuple[Entry, ...], Prepared]] = field(default_factory=list)
    entries: dict[str, int] = field(default_factory=dict)
    fresh: dict[int, Entry] = field(default_factory=dict)
    """By number, who made the variables of choices outside passes."""
    idle: dict[Entry, tuple[p.Pass, ...]] = field(default_factory=dict)
    """The passes that the arguments are said to rule out: there are no loops for them."""
    straight: list[tuple[Entry, Overflow]] = field(default_factory=list)
    """What operators outside passes owe."""

    @cached_property
    def free(self) -> dict[str, Any]:
        """The free variables of everything."""
        terms = [*self.facts, *(overflow.condition for _, overflow in self.straight)]
        terms += [term for _, prepared in self.loops for term in prepared.free.values()]
        terms += [term for _, prepared in self.loops for step in prepared.open for term in step.values()]
        for row in self.system.rows:
            terms += raw([*row.fields.values(), *row.present.values()])
        for regions in self.system.layouts.values():
            terms += raw([value for region in regions for value in region.values()])
        return variables(terms)

    @cached_property
    def before_late(self) -> Bundle:
        """The same, without the assumptions about layouts."""
        return Bundle(list(self.system.facts))

    @cached_property
    def at_end(self) -> Bundle:
        """What is known in the end."""
        return Bundle(list(self.facts))


def solve(made: p.Scenario, count: int, neighbours: Neighbours | None, stage: Stage) -> Solved:
    """Solve a system, watching. Raises `OutOfReachError`."""
    solved = Solved()
    inductive = seams.INDUCTIVE.now
    enter, straight, owe = seams.ENTER_PASS.now, seams.STRAIGHT.now, seams.OWE.now

    def noted(loop: Loop, facts: Sequence[Any], candidates: Sequence[Any], effort: Effort) -> list[Any]:
        found = inductive(loop, facts, candidates, effort)
        solved.loops.append((tuple((n, solved.entries[n]) for n in loop.view.tracks), Prepared(loop, found)))
        return found

    def entering(self: System, track: Track, moving: list[Track]) -> None:
        entry = track.run.name, solved.entries.get(track.run.name, 0) + 1
        solved.entries.update([entry])
        enter(self, track, moving)
        solved.idle[entry] = track.idle

    def stepping(self: System, statement: p.Statement, track: Track) -> None:
        before = self.names
        straight(self, statement, track)
        entry = track.run.name, solved.entries[track.run.name]
        solved.fresh.update(dict.fromkeys(range(before + 1, self.names + 1), entry))

    def owing(self: System, overflows: Any, *premises: Any, **turn: Any) -> None:
        overflows = list(overflows)
        if not premises:
            solved.straight += [((run, solved.entries[run]), overflow) for run, overflow in overflows]
        owe(self, overflows, *premises, **turn)

    limits = Limits(effort=400_000, per_query=100_000)
    prover = Prover(made, made.checks, limits)
    with ExitStack() as watched:
        watched.enter_context(meanwhile(seams.INDUCTIVE, noted))
        watched.enter_context(meanwhile(seams.ENTER_PASS, entering))
        watched.enter_context(meanwhile(seams.STRAIGHT, stepping))
        watched.enter_context(meanwhile(seams.OWE, owing))
        found = prover.solve(count, neighbours, stage)
    solved.system, solved.facts = found.system, found.facts
    return solved


def variables(terms: Sequence[Any]) -> dict[str, Any]:
    """The free variables of terms."""
    found: dict[str, Any] = {}
    todo, seen = list(terms), set()
    while todo:
        term = todo.pop()
        if term.get_id() in seen:
            continue
        seen.add(term.get_id())
        if z3.is_const(term) and term.decl().kind() == z3.Z3_OP_UNINTERPRETED:
            found[term.decl().name()] = term
        todo += term.children()
    return found


def raw(values: Sequence[Value]) -> list[Any]:
    return [v.at(v.scale) if isinstance(v, Num) else v for v in values]


@dataclass
class Prepared:
    """A loop, ready to be looked at in many states."""

    loop: Loop
    invariants: Sequence[Any]

    def __post_init__(self) -> None:
        self.at_head = Bundle([*self.loop.facts, *self.invariants])
        self.at_start = Bundle(list(self.loop.start.values()))
        self.free = variables(raw([*self.loop.facts, *self.loop.start.values()]))
        self.steps, self.open = [], []
        for step in self.loop.steps:
            itself = (each.instance for each in step.itself(self.invariants))
            known = conj(*step.premises, *itself)
            values = [known, *step.after.values(), *(overflow.condition for _, overflow in step.overflows)]
            self.steps.append(Bundle(values))
            self.open.append(variables(raw(values)))
