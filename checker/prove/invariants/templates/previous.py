"""The region before: that it is as the variables say that keep its fields, and keeps what is said of regions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checker import program as p
from checker.program.lower import name_of
from checker.program.walk import fields_read
from checker.prove.invariants.subject import Subject
from checker.prove.system import inputs
from checker.prove.system.inputs import PRESENT
from checker.prove.system.state import Remembered
from checker.prove.terms.encode import TRUE, Value, disj, equal, neg
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


def _befores(about: Subject, run: str) -> Iterator[tuple[str, dict[str, Value]]]:
    """The regions before of a run's pass, by their names, with the fields that are kept of them."""
    scope = about.loop.view.scopes[run]
    names = {name.partition(".")[0] for name in scope if name.endswith(name_of("", p.VISITED))}
    for each in sorted(names):
        begin = name_of(each, "")
        fields = {name.removeprefix(begin): value for name, value in scope.items() if name.startswith(begin)}
        yield each, {**fields, PRESENT: TRUE}


def _said(about: Subject, run: str, before: Mapping[str, Value], flags: list[Term]) -> Iterator[Term]:
    assumed = [each.formula for each in about.given.assumptions if isinstance(each.formula, p.ForAll)]
    scalars, view = about.known, about.loop.view
    for formula in (*assumed, *about.claims):
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
