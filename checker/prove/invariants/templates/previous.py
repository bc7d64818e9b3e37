"""Regions that variables tell of: the region before is as those say that keep its fields, and keeps what is said of
regions; the one in whose turn a variable got its value is as that says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import permutations

from checker import program as p
from checker.program.lower import name_of
from checker.program.types import Boolean
from checker.program.walk import fields_read, regions_read, scalars_read, statements
from checker.prove.invariants.subject import Subject, orders
from checker.prove.invariants.templates.goals import every
from checker.prove.system import inputs
from checker.prove.system.inputs import PRESENT
from checker.prove.system.loops.authors import kept
from checker.prove.system.state import Remembered, RunVariable, When, WitnessField
from checker.prove.terms.encode import TRUE, Environment, Region, Value, conj, disj, encode, equal, neg
from checker.prove.terms.numbers import Term


def previous(about: Subject, run: str) -> Iterator[Term]:
    """The region before has had its turn, is one region, is what the variables say, and keeps what is assumed, or
    claimed, of one region and of two: also where the other one is a witness that has not had its turn, or is another
    region than it."""
    flags = [(key, value) for key, value in about.loop.head.items() if isinstance(key, Remembered) and key.run == run]
    for name, before in _befores(about, run):
        visited = before[p.VISITED]
        for key, flag in flags:
            if key.previous == name:
                yield disj(neg(flag), about.loop.view.seen[key.witness])
                yield disj(neg(flag), visited)
                witness = about.loop.view.witnesses[key.witness][run]
                for field in sorted(before.keys() & witness.keys() - {PRESENT}):
                    yield disj(neg(flag), equal(before[field], witness[field]))
        yield from _said(about, run, before, [flag for key, flag in flags if key.previous == name])
    yield from (disj(neg(one), neg(other)) for i, (_, one) in enumerate(flags) for _, other in flags[:i])


def left(about: Subject, run: str) -> Iterator[Term]:
    """Of two regions that are still in the list, what is assumed of any two: those that are merged into the region
    before are dropped, and lie in it from then on."""
    columns = [each[run] for each in about.loop.view.witnesses]
    drops = all(WitnessField(run, index, p.DROPPED) in about.loop.head for index in range(len(columns)))
    if not drops or not any(_befores(about, run)):
        return
    for formula in _assumed(about):
        if formula.arity != len(columns) or formula.indices or not formula.within:
            continue
        for pair in permutations(columns):
            dropped = (each[p.DROPPED] for each in pair)
            yield disj(*dropped, inputs.instance(formula, pair, about.known))


def _befores(about: Subject, run: str) -> Iterator[tuple[str, dict[str, Value]]]:
    """The regions before of a run's pass, by their names, with the fields that are kept of them."""
    scope = about.loop.view.scopes[run]
    names = {name.partition(".")[0] for name in scope if name.endswith(name_of("", p.VISITED))}
    for each in sorted(names):
        begin = name_of(each, "")
        fields = {name.removeprefix(begin): value for name, value in scope.items() if name.startswith(begin)}
        yield each, {**fields, PRESENT: TRUE}


def _said(about: Subject, run: str, before: Mapping[str, Value], flags: list[Term]) -> Iterator[Term]:
    scalars, view = about.known, about.loop.view
    for formula in (*_assumed(about), *about.claims):
        said = (formula.where, formula.body, formula.regions.where)
        if formula.indices or not formula.within or not fields_read(said) <= before.keys():
            continue
        if formula.arity == 1:
            yield disj(neg(before[p.VISITED]), inputs.instance(formula, (before,), scalars))
            continue
        for index, columns in enumerate(view.witnesses):
            own = flags[index] if index < len(flags) else view.seen[index]
            for pair in ((before, columns[run]), (columns[run], before)):
                holds = inputs.instance(formula, pair, scalars)
                yield disj(neg(before[p.VISITED]), view.seen[index], holds)
                yield disj(neg(before[p.VISITED]), own, holds)


def _assumed(about: Subject) -> list[p.ForAll]:
    return [each.formula for each in about.given.assumptions if isinstance(each.formula, p.ForAll)]


def authors(about: Subject) -> Iterator[Term]:
    """The author had its turn, and is in the list; variables are what its turn made them, and what it was asked is so;
    once it had its turn in this loop, so are the goals. Without one, variables are as they were."""
    found = about.loop.view.authors
    if found is None or found.of.run not in about.loop.view.tracks:
        return
    run = found.of.run
    for index, flag in enumerate(found.each):
        region = about.loop.view.witnesses[index][run]
        facts = [*_of_author(about, run, region), *_marks(about, region)]
        if about.changes(found.of):
            facts += [about.loop.view.seen[index], region[PRESENT], *about.selected(run, index)]
        yield from (disj(neg(flag), fact) for fact in facts)
        yield from (disj(neg(flag), neg(other)) for other in (*found.each[:index], found.unset))
        yield from _had_turn(about, run, index, flag)
        yield from (disj(neg(flag), neg(about.loop.view.seen[index]), said) for said in every(about))
    without = [neg(way) for index in range(len(found.each)) for way in _ways(about, run, index)]
    yield from (disj(neg(found.unset), fact) for fact in (*_unchanged(about, run), *about.booleans(run), *without))
    for index, flag in enumerate(found.each):
        others = (other for other in range(len(found.each)) if other != index)
        yield from (disj(neg(flag), neg(way)) for other in others for way in _ways(about, run, other))


def _ways(about: Subject, run: str, index: int) -> Iterator[Term]:
    """That a witness had its turn in this loop, and was selected: as the map says, and as it is now."""
    view = about.loop.view
    yield from (conj(view.seen[index], each) for each in about.selected(run, index))


def _of_author(about: Subject, run: str, region: Region) -> Iterator[Term]:
    """The variables of a run are what a turn of this region makes them; and what passes ask of a region is so of it, or
    not."""
    scope = about.loop.view.scopes[run]
    for made in about.given.scenario.runs:
        for each in statements(made.algorithm.body) if made.name == run else ():
            if isinstance(each, p.Assign) and each.name in scope and not scalars_read(kept(each).value):
                regions = regions_read(kept(each).value)
                env = Environment(about.known, dict.fromkeys(regions, region))
                if len(regions) <= 1 and about.knows(run, p.Var(each.value.type, each.name)):
                    value = encode(kept(each).value, env)
                    yield equal(scope[each.name], value)
                    yield from orders(scope[each.name], value)
    for owner, variable, expr in (*about.words.questions, *about.words.selections, *about.words.conditions):
        if owner == run:
            answer = encode(expr, Environment(about.known, {variable: region}, exact=True))
            yield answer
            yield neg(answer)
    for owner, variable, expr in about.words.branches:
        if owner == run and about.knows(run, expr):
            yield encode(expr, Environment(scope, {variable: region}))


def _marks(about: Subject, region: Region) -> list[Term]:
    """The marks of a region: whichever pass it is the author of a variable by, it has those that all of them set."""
    return [region[name] for name in (*p.MARKS, *about.given.record.marks)]


def _unchanged(about: Subject, run: str) -> Iterator[Term]:
    """The variables of a run are as they were where the loop began."""
    for key, (_, value) in about.loop.view.scalars.items():
        if key.run == run and key.when is When.NOW and about.changes(key):
            start = about.loop.view.scalars.get(RunVariable(run, key.name, When.START))
            if start is not None:
                yield equal(value, start[1])


def _had_turn(about: Subject, run: str, index: int, flag: Term) -> Iterator[Term]:
    """The author had its turn in this loop, so that a Boolean variable has a value, the pass has ended, or a mark is
    set; and variables are at least, or at most, what its turn may make them."""
    view = about.loop.view
    region = view.witnesses[index][run]
    ways = [conj(flag, way) for way in _ways(about, run, index)]
    marks = _marks(about, region)
    flags = [value for key, (kind, value) in view.scalars.items() if key.run == run and isinstance(kind, Boolean)]
    for way in ways:
        for fact in (*flags, *map(neg, flags), *view.stopped, *marks):
            yield disj(neg(way), fact)
        for key, quantity, value in about.scalars:
            if key.run == run and about.changes(key):
                for kind, term in about.witness_terms(region):
                    if kind is quantity:
                        yield from (disj(neg(way), fact) for fact in orders(value, term))
