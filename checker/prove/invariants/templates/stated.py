"""The invariants that the file states of a pass.

They are candidates like all others: kept where they hold together with these, and else thrown out. So a false one
proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import permutations

from checker import program as p
from checker.prove.invariants.subject import Subject
from checker.prove.system import inputs
from checker.prove.terms.encode import Environment, Region, Value, encode
from checker.prove.terms.numbers import Term


def stated(about: Subject, run: str) -> Iterator[tuple[p.Formula, Term]]:
    """Each stated invariant of a run's pass, said of the witnesses in every order in which it ranges over them."""
    view = about.loop.view
    scalars = view.scopes[run]
    witnesses: list[Region] = [
        {**columns[run], p.VISITED: seen} for columns, seen in zip(view.witnesses, view.seen, strict=True)
    ]
    for conjunct in view.passes[run].invariants:
        yield from _said(conjunct.formula, scalars, witnesses, view.directions[run])


def _said(
    formula: p.Formula, scalars: Mapping[str, Value], witnesses: list[Region], direction: int
) -> list[tuple[p.Formula, Term]]:
    match formula:
        case p.Plain(condition=condition):
            return [(formula, encode(condition, Environment(scalars, exact=True)))]
        case p.ForAll():
            instances = _instances(formula, witnesses, direction)
            return [(formula, inputs.instance(formula, regions, scalars)) for regions in instances]
        case _:
            raise AssertionError(formula)  # the elaborator lets nothing else be stated


def _instances(formula: p.ForAll, witnesses: list[Region], direction: int) -> Iterator[tuple[Region, ...]]:
    """The witnesses that a formula ranges over. In a list of unknown order, which stands before which is not known."""
    if formula.relation is p.Relation.BEFORE:
        if len(witnesses) == 2 and direction:
            yield (witnesses[0], witnesses[1]) if direction > 0 else (witnesses[1], witnesses[0])
        return
    yield from permutations(witnesses, formula.arity)
