"""Variables of a run: their order, what they were last set to, how far they have moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

from checker import program as p
from checker.program.types import Integer
from checker.program.walk import scalars_read
from checker.prove.invariants.subject import Subject, relations
from checker.prove.system.state import When
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import (
    Environment,
    disj,
    encode,
    equal,
    neg,
)
from checker.prove.terms.numbers import Num, Term


def order_of_variables(about: Subject) -> Iterator[Term]:
    """Variables stand to each other and to constants in some order, and are multiples of something."""
    guards = about.conditions()
    for guard in guards[1:]:
        yield guard
        yield from (disj(neg(guard), other) for other in guards[1:])
    for key, quantity, value in about.scalars:
        if not about.changes(key):
            continue
        facts: list[Term] = []
        for other, kind, bound in about.scalars:
            if other != key and kind is quantity:
                facts += relations(value, bound)
        for kind, constant in about.words.constants:
            if kind is quantity:
                facts += relations(value, n.const(constant))
        for modulus in about.words.moduli:
            facts.append(n.compare(p.Rel.EQ, n.remainder(value, modulus), n.const(0)))
        for guard in guards:
            yield from (disj(neg(guard), fact) for fact in facts)


def definitions(about: Subject) -> Iterator[Term]:
    """A variable still is what it was last set to, in terms of the others."""
    for run, name, expr in about.words.definitions:
        guards = about.booleans(run)
        scope = about.loop.view.scopes.get(run, {})
        if about.knows(run, p.Var(expr.type, name), expr) and name not in scalars_read(expr):
            same = equal(scope[name], encode(expr, Environment(scope)))
            yield same
            yield from (disj(neg(guard), same) for guard in guards)


def budgets(about: Subject) -> Iterator[Term]:
    """A variable moves away from its start by no more than what was added up."""
    view = about.loop.view
    for key in sorted(view.changing, key=str):
        kind, value = view.scalars[key]
        for since in (When.START, When.FIRST):
            _, then = view.scalars.get(replace(key, when=since), (kind, None))
            if isinstance(kind, Integer) and isinstance(value, Num) and isinstance(then, Num):
                for ghost in view.ghosts[key.run]:
                    for less, more in ((value, then), (then, value)):
                        yield n.compare(p.Rel.LE, n.subtract(more, less), ghost)


def together(about: Subject) -> Iterator[Term]:
    """A variable is what it was at the start as long as another one is: what is kept of regions, and how many those
    are."""
    view = about.loop.view
    still = {
        key: equal(view.scalars[key][1], view.scalars[begun][1])
        for key in sorted(view.changing, key=str)
        if (begun := replace(key, when=When.START)) in view.scalars
    }
    for one, other in permutations(still, 2):
        if one.run == other.run:
            yield disj(neg(still[other]), still[one])
