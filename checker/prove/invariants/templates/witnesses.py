"""A witness and the variables: in which order they stand, and where it was placed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations, product

from checker import program as p
from checker.program.types import Integer, Quantity, Type
from checker.program.walk import fields_read, scalars_read
from checker.prove.invariants.subject import Subject, relations
from checker.prove.system.inputs import PRESENT
from checker.prove.system.state import RunVariable, When, WitnessField
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import (
    Environment,
    Region,
    conj,
    disj,
    encode,
    equal,
    neg,
)
from checker.prove.terms.numbers import Num, Term


def witness_and_variables(about: Subject, run: str) -> Iterator[Term]:
    """A witness stands to the variables, to constants and to the other witness in some order."""
    view = about.loop.view
    own = [each for each in about.scalars if each[0].run == run]
    own += about.slots(run)
    terms = [[*about.witness_terms(each[run]), *about.ends(run, each[run])] for each in view.witnesses]
    for index in range(len(view.witnesses)):
        facts: list[Term] = []
        for quantity, term in terms[index]:
            for key, kind, value in own:
                if kind is quantity and (about.changes(key) or key.when is not When.NOW):
                    facts += relations(value, term)
            for kind, constant in about.words.constants:
                if kind is quantity and quantity is not Quantity.NUMBER:
                    facts += relations(term, n.const(constant))[:2]
            facts += _distances(about, own, quantity, term)
        facts += _congruences(about, view.witnesses[index][run])
        for guard in about.guards(run, index):
            yield from (disj(neg(guard), fact) for fact in facts)
        for owner, variable, expr in about.words.conditions:
            if owner == run:
                env = Environment(about.known, {variable: view.witnesses[index][run]}, exact=True)
                yield disj(neg(view.seen[index]), encode(expr, env))
    for first, second in permutations(range(len(view.witnesses)), 2):
        both = [view.witnesses[i][run][p.PLACED] for i in (first, second)]
        guard = conj(*both) if run in view.placed_before else conj(view.seen[first], view.seen[second], *both)
        for quantity, a in terms[first]:
            for kind, b in terms[second]:
                if kind is quantity is Quantity.VIRTUAL:
                    yield disj(neg(guard), n.compare(p.Rel.LE, a, b))


def waiting(about: Subject, run: str) -> Iterator[Term]:
    """A witness whose turn is to come lies above or below what a variable holds, while a variable has a
    flag, or a Boolean one a value: a map in order is so on both sides of the region that was the last one."""
    view = about.loop.view
    held = [
        value
        for key, kind, value in about.scalars
        if key.run == run and about.changes(key) and kind is Quantity.PHYSICAL
    ]
    flags = [*about.booleans(run), *about.flagged(run)]
    for index, columns in enumerate(view.witnesses):
        there = disj(*(columns[each.name][PRESENT] for each in about.given.scenario.maps if each.name in columns))
        awaited = conj(there, neg(view.seen[index]))
        places = [columns[run][name] for name, kind in about.given.record.fields if _is_physical(kind)]
        for place, value in product(places, held):
            if isinstance(place, Num):
                for fact in (n.compare(p.Rel.LE, value, place), n.compare(p.Rel.LE, place, value)):
                    yield disj(neg(awaited), fact)
                    yield from (disj(neg(awaited), neg(flag), fact) for flag in flags)


def _is_physical(kind: Type) -> bool:
    return isinstance(kind, Integer) and kind.quantity is Quantity.PHYSICAL


def _distances(
    about: Subject, scalars: list[tuple[RunVariable, Quantity, Num]], quantity: Quantity, term: Num
) -> Iterator[Term]:
    """An address that the loop keeps is no further from the witness than some size."""
    if not about.far:
        return
    for key, kind, value in scalars:
        if kind is quantity and about.changes(key) and quantity in (Quantity.PHYSICAL, Quantity.VIRTUAL):
            for unit, constant in about.words.constants:
                if unit is Quantity.BYTES:
                    yield n.compare(p.Rel.LE, n.subtract(value, term), n.const(constant))
                    yield n.compare(p.Rel.LE, n.subtract(term, value), n.const(constant))


def _congruences(about: Subject, witness: Region) -> Iterator[Term]:
    kinds = [(f, k) for f, k in about.given.record.fields if isinstance(k, Integer) and k.is_address]
    for (f, _), (g, _) in combinations(kinds, 2):
        a, b = witness[f], witness[g]
        assert isinstance(a, Num) and isinstance(b, Num)
        for modulus in about.words.moduli:
            yield n.compare(p.Rel.EQ, n.remainder(a, modulus), n.remainder(b, modulus))


def addresses(about: Subject, run: str) -> Iterator[Term]:
    """A region is placed at what its own fields, and variables that this loop does not change, say; where it took the
    way to that place, if there are several."""
    view = about.loop.view
    scope = view.scopes[run]
    for owner, variable, field, expr, path, _ in about.words.addresses:
        names = scalars_read((expr, *path))
        if owner != run or not names <= scope.keys() or any(about.changes(RunVariable(run, name)) for name in names):
            continue
        for index, columns in enumerate(view.witnesses):
            region = columns[run]
            here = Environment(scope, {variable: region})
            at_it, way = equal(region[field], encode(expr, here)), [encode(each, here) for each in path]
            placed = region[about.given.record.placed(field)]
            yield disj(neg(conj(view.seen[index], placed, *way)), at_it)
            yield disj(neg(conj(placed, *way)), at_it)


def answers(about: Subject, run: str) -> Iterator[Term]:
    """A question of any run about a region, whose answer this run may change by its turn, has the same answer after it;
    or a certain one, always, or where nothing that is asked was so before."""
    asked = list(dict.fromkeys((variable, expr) for _, variable, expr in about.words.questions))
    for index, columns in enumerate(about.loop.view.witnesses):
        seen = about.loop.view.seen[index]
        changing = {name for name in columns[run] if WitnessField(run, index, name) in about.loop.head}
        before = {**columns[run], **{name: about.loop.start[WitnessField(run, index, name)] for name in changing}}
        answers = [
            [encode(expr, Environment(about.known, {variable: region})) for region in (before, columns[run])]
            for variable, expr in asked
        ]
        for (_, expr), (then, now) in zip(asked, answers, strict=True):
            if fields_read(expr) & changing:
                yield from (disj(neg(then), now), disj(then, neg(now)))
                yield from (disj(neg(seen), now), disj(neg(seen), neg(now)))
                yield disj(*(each for each, _ in answers), neg(now))
