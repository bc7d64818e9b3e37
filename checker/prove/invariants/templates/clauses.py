"""Disjunctions of a few conditions, whatever they are about: what the goals and the algorithms ask; and what becomes of
a search for a region, by whether a witness is what it looks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, permutations

import z3

from checker import program as p
from checker.program.fold import conjunction
from checker.program.types import Boolean
from checker.program.walk import expressions, regions_read, scalars_read
from checker.prove.invariants.subject import Subject
from checker.prove.invariants.vocabulary import witness_regions
from checker.prove.system.inputs import PRESENT
from checker.prove.system.state import RunVariable
from checker.prove.terms.encode import Environment, Region, conj, disj, encode, is_false, is_true, neg
from checker.prove.terms.numbers import Term

_MOST_ATOMS = 14
"""Conditions that are combined: of so many there are 3,306 clauses of up to three."""


def clauses(about: Subject) -> Iterator[Term]:
    """Every disjunction of up to three conditions or their opposites: of variables, of witnesses, of two of them."""
    literals = [literal for atom in _atoms(about) for literal in ((atom, atom), (atom, neg(atom)))]
    for size in (1, 2, 3):
        for chosen in combinations(literals, size):
            if len({atom.get_id() for atom, _ in chosen}) == size:
                yield disj(*(term for _, term in chosen))


def _atoms(about: Subject) -> list[Term]:
    """The conditions, each once and without its negation; those of the execution first."""
    found: dict[int, Term] = {}
    for term in (*_of_variables(about), *_of_witnesses(about), *_of_pairs(about)):
        atom = term.arg(0) if z3.is_not(term) else term
        if not is_true(atom) and not is_false(atom):
            found.setdefault(atom.get_id(), atom)
    return list(found.values())[:_MOST_ATOMS]


def _of_variables(about: Subject) -> Iterator[Term]:
    view = about.loop.view
    yield from (value for kind, value in view.scalars.values() if isinstance(kind, Boolean))
    yield from view.stopped
    for run in view.tracks:
        yield from about.cases(run)


def _of_witnesses(about: Subject) -> Iterator[Term]:
    view = about.loop.view
    flags = [name for name, kind in about.given.record.fields if isinstance(kind, Boolean)]
    for index, columns in enumerate(view.witnesses):
        yield view.seen[index]
        for run in view.tracks:
            yield from (columns[run][name] for name in (*p.MARKS, *flags, PRESENT))
        for owner, variable, expr in (*about.words.questions, *about.words.conditions):
            if owner in columns:
                for node in expressions(expr):
                    if isinstance(node, p.Compare):
                        yield _said(about, node, {variable: columns[owner]})


def _of_pairs(about: Subject) -> Iterator[Term]:
    """The comparisons of two regions in goals."""
    witnesses = about.loop.view.witnesses
    for goal in about.claims:
        if goal.arity == 2 and len(witnesses) == 2 and goal.regions.name in witnesses[0]:
            for order in permutations(witness[goal.regions.name] for witness in witnesses):
                regions = dict(zip(goal.variables, order, strict=True))
                for node in expressions((goal.where, goal.body)):
                    if isinstance(node, p.Compare) and _about_both(node, goal.variables):
                        yield _said(about, node, regions)


def _about_both(node: p.Expr, variables: tuple[str, ...]) -> bool:
    return {each.region for each in expressions(node) if isinstance(each, p.Field)} == set(variables)


def _said(about: Subject, node: p.Expr, regions: dict[str, Region]) -> Term:
    return encode(node, Environment(about.known, regions, exact=True))


def sought(about: Subject, run: str) -> Iterator[Term]:
    """A witness for which a branch is meant had its turn, or not yet, so that a Boolean variable has a value, or the
    pass has ended or not: what is meant is told by its fields and by what this pass does not change."""
    view = about.loop.view
    for index, columns in enumerate(view.witnesses):
        for meant in meant_for(about, run, columns):
            for turn in (view.seen[index], neg(view.seen[index])):
                guard = conj(turn, meant, columns[run][PRESENT])
                yield from (disj(neg(guard), fact) for fact in _come_to(about, run))


def _come_to(about: Subject, run: str) -> Iterator[Term]:
    """The truth values that a pass may change."""
    yield from about.booleans(run)
    for stopped in about.loop.view.stopped:
        yield from (stopped, neg(stopped))


def meant_for(about: Subject, run: str, columns: Mapping[str, Region]) -> Iterator[Term]:
    """The conditions by which a pass selects a region, or takes a branch for it, that no turn of another one changes;
    and those under which goals speak of it."""
    yield from (each for each in (*_asked(about, run, columns[run]), *_spoken(about, columns)) if not is_true(each))


def _asked(about: Subject, run: str, region: Region) -> Iterator[Term]:
    scope, made = about.loop.view.scopes[run], about.pass_of(run)
    asked = [(variable, expr) for owner, variable, expr in about.words.branches if owner == run]
    if made is not None:
        # A branch is taken in turns only, and those have the regions that the pass selects.
        asked += [(variable, conjunction(made.where, expr)) for variable, expr in asked if variable == made.variable]
        asked.append((made.variable, made.where))
    asked = [(variable, expr) for variable, expr in asked if regions_read(expr) <= {variable}]
    for variable, expr in asked:
        if about.knows(run, expr) and not any(about.changes(RunVariable(run, name)) for name in scalars_read(expr)):
            yield encode(expr, Environment(scope, {variable: region}))
    for owner, variable, expr in about.words.selections:
        if owner == run:
            yield encode(expr, Environment(about.known, {variable: region}, exact=True))


def _spoken(about: Subject, columns: Mapping[str, Region]) -> Iterator[Term]:
    entries = {name: [entry for entry, _ in known] for name, known in about.loop.view.entries.items() if known}
    for goal in about.claims:
        there = set(goal.lists) - set(goal.beside) <= columns.keys() and set(goal.beside) <= entries.keys()
        if goal.arity == 1 and there:
            regions = dict(zip(goal.variables, witness_regions(goal, [columns], entries), strict=True))
            yield encode(goal.where, Environment(about.known, regions, exact=True))
