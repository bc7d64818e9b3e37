"""A witness that had its turn and the variables: strictly below or above, or so while a flag has a value."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations, product

from checker import program as p
from checker.program.types import Quantity
from checker.prove.invariants.subject import Subject, relations
from checker.prove.invariants.templates.clauses import meant_for
from checker.prove.system.inputs import PRESENT
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import FALSE, Environment, conj, disj, encode, neg
from checker.prove.terms.numbers import Num, Term


def strict(about: Subject, run: str) -> Iterator[Term]:
    """A witness that had its turn is strictly below or above a variable; at least until the other one had its own."""
    for index, value, term in _together(about, run):
        seen, *others = _seen(about, index)
        for fact in (n.compare(p.Rel.LT, term, value), n.compare(p.Rel.LT, value, term)):
            yield disj(neg(seen), fact)
            yield from (disj(neg(seen), other, fact) for other in others)


def in_between(about: Subject, run: str) -> Iterator[Term]:
    """A witness that a pass selects is at most or at least a variable while its turn is to come; and is so, or is what
    the variable keeps, after it: to that of the other one, if there is one, as none has a turn between neighbours."""
    for index, value, term in _together(about, run):
        seen, *others = _seen(about, index)
        low, high, same = relations(value, term)
        for selected in about.selected(run, index):
            yield from (disj(seen, neg(selected), fact) for fact in (low, high))
            for other in others or [FALSE]:
                yield from (disj(neg(seen), other, neg(selected), fact) for fact in (low, high, same))


def held(about: Subject, run: str) -> Iterator[Term]:
    """A number about a witness that a pass keeps, or compares with what it keeps, is at most or at least a variable,
    once that had its turn and was selected."""
    own = [each for each in about.scalars if each[0].run == run and about.changes(each[0])]
    for index, seen in enumerate(about.loop.view.seen):
        for (quantity, term), (_, kind, value) in product(about.held(run, index), own):
            if kind is quantity:
                for selected in about.selected(run, index):
                    yield from (disj(neg(conj(seen, selected)), fact) for fact in relations(value, term)[:2])


def different(about: Subject, run: str) -> Iterator[Term]:
    """A variable is none of a witness's numbers once another one, for which a branch is meant or that is selected, had
    its turn."""
    view = about.loop.view
    for index, value, term in _together(about, run):
        for other, columns in enumerate(view.witnesses):
            if other != index:
                for meant in meant_for(about, run, columns):
                    had_turn = conj(view.seen[other], columns[run][PRESENT], meant)
                    yield disj(neg(had_turn), neg(n.compare(p.Rel.EQ, value, term)))


def beside(about: Subject, run: str) -> Iterator[Term]:
    """A witness that was placed lies at most at one variable, or at least at another one: at one side of the room that
    is left between them."""
    own = [(key, value) for key, kind, value in about.scalars if key.run == run and kind is Quantity.VIRTUAL]
    sides = [value for key, value in own if about.changes(key)]
    for columns in about.loop.view.witnesses:
        witness = columns[run]
        ends = [term for quantity, term in about.witness_terms(witness) if quantity is Quantity.VIRTUAL]
        for (low, high), (start, end) in product(permutations(sides, 2), product(ends, repeat=2)):
            apart = (n.compare(p.Rel.LE, end, low), n.compare(p.Rel.LE, high, start))
            yield disj(neg(witness[p.PLACED]), *apart)


def under_flags(about: Subject, run: str) -> Iterator[Term]:
    """A witness that had its turn is at most or at least a variable, while a Boolean variable has a value; at least
    until the other one had its own."""
    for index, value, term in _together(about, run):
        seen, *others = _seen(about, index)
        for fact in (n.compare(p.Rel.LE, term, value), n.compare(p.Rel.LE, value, term)):
            for but in (FALSE, *others):
                yield from (disj(neg(seen), but, neg(flag), fact) for flag in about.booleans(run))


def under_questions(about: Subject, run: str) -> Iterator[Term]:
    """A witness that had its turn, was selected, and is so or not so in something that the run asks of regions, is at
    most or at least a variable: there is a variable for each kind of region."""
    view = about.loop.view
    asked = [(variable, expr) for owner, variable, expr in about.words.questions if owner == run]
    for index, value, term in _together(about, run):
        region = view.witnesses[index][run]
        had_turn = conj(view.seen[index], view.selects[run][index], region[PRESENT])
        for variable, expr in dict.fromkeys(asked):
            answer = encode(expr, Environment(about.known, {variable: region}))
            for fact in (n.compare(p.Rel.LE, term, value), n.compare(p.Rel.LE, value, term)):
                yield from (disj(neg(had_turn), neg(side), fact) for side in (answer, neg(answer)))


def under_windows(about: Subject, run: str) -> Iterator[Term]:
    """A witness that had its turn and is placed below some address, or not below it, is at most or at least a
    variable: there are two places for regions."""
    bounds = sorted({value for kind, value in about.words.constants if kind is Quantity.VIRTUAL})
    place = about.given.record.placement
    for index, value, term in _together(about, run):
        seen, *_ = _seen(about, index)
        witness = about.loop.view.witnesses[index][run]
        start = None if place is None else witness[place]
        if not isinstance(start, Num):
            continue
        for bound in bounds:
            below = n.compare(p.Rel.LT, start, n.const(bound))
            for fact in (n.compare(p.Rel.LE, term, value), n.compare(p.Rel.LE, value, term)):
                yield from (disj(neg(seen), neg(witness[p.PLACED]), side, fact) for side in (below, neg(below)))


def _seen(about: Subject, index: int) -> list[Term]:
    """That a witness had its turn; and that each other one had."""
    seen = about.loop.view.seen
    return [seen[index], *(each for other, each in enumerate(seen) if other != index)]


def _together(about: Subject, run: str) -> Iterator[tuple[int, Num, Num]]:
    """Each witness's numbers beside each changing variable of a run that measures the same."""
    own = [each for each in about.scalars if each[0].run == run and about.changes(each[0])]
    for index, columns in enumerate(about.loop.view.witnesses):
        for quantity, term in about.witness_terms(columns[run]):
            yield from ((index, value, term) for _, kind, value in own if kind is quantity)
