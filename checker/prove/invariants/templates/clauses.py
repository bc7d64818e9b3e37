"""Disjunctions of a few conditions, whatever they are about: what the goals and the algorithms ask."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations

import z3

from checker import program as p
from checker.program.types import Boolean
from checker.program.walk import expressions
from checker.prove.invariants.subject import Subject
from checker.prove.system.inputs import PRESENT
from checker.prove.terms.encode import Environment, Region, disj, encode, is_false, is_true, neg
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
