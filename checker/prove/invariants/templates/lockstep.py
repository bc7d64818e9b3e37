"""Runs in step agree."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from checker import program as p
from checker.program.types import Boolean, Integer, Type
from checker.prove.invariants.subject import ALL, Subject, orders
from checker.prove.system.inputs import PRESENT
from checker.prove.system.state import Remembered, WitnessField
from checker.prove.terms.encode import (
    TRUE,
    Environment,
    conj,
    disj,
    encode,
    equal,
    neg,
)
from checker.prove.terms.numbers import Term


def same_variables(about: Subject) -> Iterator[Term]:
    """Variables of two runs are equal, at least until the witness had its turn; two of one run are so under one of
    its own conditions.

    In two runs of one algorithm these are those of one name. What another algorithm calls its variables means
    nothing, and whether it counts in addresses or in numbers does not either: of two algorithms these are any two of
    one width.
    """
    view = about.loop.view
    algorithms = {run.name: run.algorithm for run in about.given.scenario.runs}
    for first, second in combinations(sorted(view.changing, key=str), 2):
        (kind, a), (other, b) = view.scalars[first], view.scalars[second]
        alike = kind == other
        if first.run != second.run:
            others = algorithms[first.run] is not algorithms[second.run]
            if (alike and first.name == second.name) or (others and (alike or _as_wide(kind, other))):
                yield equal(a, b)
                yield from (disj(seen, neg(wanted), equal(a, b)) for seen, wanted in _awaited(about))
        elif alike and not isinstance(kind, Boolean):
            yield from (disj(neg(guard), equal(a, b)) for guard in about.booleans(first.run))


def same_ways(about: Subject) -> Iterator[Term]:
    """Runs of one algorithm take the same way in the turn of a witness that both have, if it is to come."""
    view = about.loop.view
    algorithms = {run.name: run.algorithm for run in about.given.scenario.runs}
    for first, second in combinations(view.tracks, 2):
        if algorithms[first] != algorithms[second]:
            continue
        ways = [[each for each in about.words.branches if each.owner == run] for run in (first, second)]
        for one, other in zip(*ways, strict=True):
            if not (about.knows(first, one.expr) and about.knows(second, other.expr)):
                continue
            for seen, columns in zip(view.seen, view.witnesses, strict=True):
                taken = [
                    encode(way.expr, Environment(view.scopes[run], {way.variable: columns[run]}))
                    for run, way in ((first, one), (second, other))
                ]
                both = conj(columns[first][PRESENT], columns[second][PRESENT])
                yield disj(seen, neg(both), equal(*taken))


def _as_wide(one: Type, other: Type) -> bool:
    return isinstance(one, Integer) and isinstance(other, Integer) and one.width == other.width


def _awaited(about: Subject) -> Iterator[tuple[Term, Term]]:
    """For each witness that had its turn or not: the conditions under which a goal is about it."""
    view = about.loop.view
    for seen, columns in zip(view.seen, view.witnesses, strict=True):
        yield seen, TRUE
        for goal in about.claims:
            if goal.bound == 1 and goal.regions.name in columns:
                env = Environment(about.known, {goal.variables[0]: columns[goal.regions.name]}, exact=True)
                yield seen, encode(goal.where, env)


def agreements(about: Subject) -> Iterator[Term]:
    """Runs in step agree on their variables and on what they do with a witness."""
    view = about.loop.view
    booleans = [v for key, (kind, v) in view.scalars.items() if isinstance(kind, Boolean) and about.changes(key)]
    yield from (equal(a, b) for a, b in combinations(booleans, 2))
    yield from (equal(a, b) for a, b in combinations(view.stopped, 2))
    remembered = [(key, flag) for key, flag in about.loop.head.items() if isinstance(key, Remembered)]
    for (one, a), (two, b) in combinations(remembered, 2):
        # A witness is the region before of one run where it is that of the other.
        if one.run != two.run and one.witness == two.witness:
            yield equal(a, b)
    for index, columns in enumerate(view.witnesses):
        seen = view.seen[index]
        for run in view.tracks:
            for other in (name for name in columns if name != run):
                yield disj(neg(seen), equal(columns[run][PRESENT], columns[other][PRESENT]))
                for name in (*p.MARKS, *(name for name, _ in about.given.record.fields)):
                    if WitnessField(run, index, name) in about.loop.head:
                        same = equal(columns[run][name], columns[other][name])
                        yield disj(neg(seen), same)
                        yield disj(neg(conj(seen, columns[run][PRESENT])), same)
                        if about.stage in ALL:
                            both = conj(seen, columns[run][PRESENT], columns[other][PRESENT])
                            compared = orders(columns[run][name], columns[other][name])
                            yield from (disj(neg(both), each) for each in (same, *compared))
