"""Sums that stay what they are, and how far a variable moves by several of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product

from checker import program as p
from checker.program.types import Integer, Quantity
from checker.program.walk import expressions, statements
from checker.prove.invariants.subject import Subject
from checker.prove.system import inputs
from checker.prove.system.state import RunVariable, When
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import disj, neg
from checker.prove.terms.numbers import Num, Term


def conserved(about: Subject) -> Iterator[Term]:
    """The sum or the difference of two variables is what it was at the start: exactly, or modulo their width."""
    view = about.loop.view
    for first, second in combinations(sorted(view.changing, key=str), 2):
        (kind, a), (other, b) = view.scalars[first], view.scalars[second]
        if not isinstance(kind, Integer) or not isinstance(other, Integer) or kind.width != other.width:
            continue
        for since in (When.START, When.FIRST):
            then, before = _since(about, first, since), _since(about, second, since)
            if isinstance(a, Num) and isinstance(b, Num) and then is not None and before is not None:
                yield n.compare(p.Rel.EQ, n.add(a, before), n.add(b, then))
                yield n.compare(p.Rel.EQ, n.add(a, b), n.add(then, before))
                apart, were = (n.wrap(n.subtract(*both), kind.width) for both in ((a, b), (then, before)))
                yield n.compare(p.Rel.EQ, apart, were)


def room(about: Subject) -> Iterator[Term]:
    """There is no less room between a variable and a constant than is left of a bound on a total, once anything was
    added up. Where the bound is what was between them at the start, `budgets` says so."""
    view = about.loop.view
    bounds = sorted({each.bound for each in inputs.totals(about.given) if each.bound < 1 << 64})
    for key, quantity, value in about.scalars:
        then = _since(about, key, When.FIRST) or _since(about, key, When.START)
        begun = None if then is None else then.constant
        for kind, end in about.words.constants if about.changes(key) else ():
            for bound in bounds if kind is quantity else ():
                if begun is not None and abs(end - begun) == bound:
                    continue
                for ghost in view.ghosts[key.run]:
                    nothing = n.compare(p.Rel.LE, ghost, n.const(0))
                    for low, high in ((value, n.const(end)), (n.const(end), value)):
                        yield disj(nothing, n.compare(p.Rel.LE, n.add(low, n.const(bound)), n.add(high, ghost)))


def added_up(about: Subject) -> Iterator[Term]:
    """A variable has moved away from its start by a sum that the algorithm adds up, or so many times one: exactly, or
    modulo its width, or by no more; and its start and its value are in this order."""
    view = about.loop.view
    for key in sorted(view.changing, key=str) if view.tallies else ():
        kind, value = view.scalars[key]
        then = _since(about, key, When.START)
        if not isinstance(kind, Integer) or not isinstance(value, Num) or then is None:
            continue
        for tally in view.tallies:
            for times in sorted({1, *_factors(about, key.run), *_steps(about, key.run)}):
                amount = n.multiply(tally, n.const(times))
                for low, high in ((then, value), (value, then)):
                    exactly = n.add(low, amount)
                    moved = n.compare(p.Rel.EQ, high, exactly)
                    yield moved
                    yield n.compare(p.Rel.EQ, high, n.wrap(exactly, kind.width))
                    yield n.compare(p.Rel.LE, high, exactly)
                    yield from (disj(neg(guard), moved) for guard in about.conditions()[1:])


def several(about: Subject) -> Iterator[Term]:
    """A variable moves away from its start by no more than two sums together, or so many times one; or, where it is
    set to a constant on the way, by no more than a sum from the start or from there."""
    view = about.loop.view
    for key in sorted(view.changing, key=str):
        run = key.run
        value = view.scalars[key][1]
        if not isinstance(value, Num):
            continue
        ghosts = view.ghosts[run]
        further = [n.add(first, second) for first, second in combinations(ghosts, 2)]
        sizes = {each for kind, each in about.words.constants if kind is Quantity.BYTES and each}
        pages = {each for kind, each in about.words.constants if kind is Quantity.PAGES and each > 1}
        sizes |= {many * size for many, size in product(pages, _factors(about, run))}
        steps = sizes.union(_steps(about, run), _factors(about, run))
        further += [n.multiply(ghost, n.const(times)) for ghost in ghosts for times in sorted(steps)]
        for then in (_since(about, key, When.START), _since(about, key, When.FIRST)):
            if then is None:
                continue
            for moved in (n.subtract(then, value), n.subtract(value, then)):
                yield from (n.compare(p.Rel.LE, moved, total) for total in further)
            for constant in map(n.const, _constants(about, run, key.name)):
                for ghost in ghosts:
                    for moved, since in (
                        (n.subtract(value, then), n.subtract(value, constant)),
                        (n.subtract(then, value), n.subtract(constant, value)),
                    ):
                        yield disj(n.compare(p.Rel.LE, moved, ghost), n.compare(p.Rel.LE, since, ghost))


def units(about: Subject) -> Iterator[Term]:
    """A variable that counts units of a size has moved up by no more of them than a sum has room for."""
    view = about.loop.view
    for key in sorted(view.changing, key=str):
        value, then = view.scalars[key][1], _since(about, key, When.START)
        if isinstance(value, Num) and then is not None:
            moved = n.subtract(value, then)
            for size, ghost in product(_units(about, key.run), view.ghosts[key.run]):
                yield n.compare(p.Rel.LE, n.multiply(moved, n.const(size)), ghost)


def beyond(about: Subject) -> Iterator[Term]:
    """A variable that may be set to something on the way is no further from a constant than a sum: what it is set to is
    not. Where entries are passed over, and nothing is added up, it is no further than it was, or than the constant."""
    view = about.loop.view
    for key, quantity, value in about.scalars:
        then = _since(about, key, When.START)
        constants = [n.const(each) for kind, each in about.words.constants if kind is quantity]
        if then is None or not about.changes(key):
            continue
        for constant, ghost in product(constants, view.ghosts[key.run]):
            yield n.compare(p.Rel.LE, value, n.add(constant, ghost))
            yield n.compare(p.Rel.LE, constant, n.add(value, ghost))
        for constant in constants if view.entries and not view.ghosts[key.run] else ():
            for low, high in (((value, value), (then, constant)), ((then, constant), (value, value))):
                yield disj(*(n.compare(p.Rel.LE, *each) for each in zip(low, high, strict=True)))


def parts(about: Subject) -> Iterator[Term]:
    """A sum that an algorithm adds up, so many times, is no more than one that is bounded; so are two of them."""
    view = about.loop.view
    for run in view.tracks if view.tallies else ():
        factors = sorted({1, *_factors(about, run)})
        amounts = [[n.multiply(tally, n.const(times)) for times in factors] for tally in view.tallies]
        both = [n.add(*pair) for one, other in combinations(amounts, 2) for pair in product(one, other)]
        for amount, ghost in product((*(each for own in amounts for each in own), *both), view.ghosts[run]):
            yield n.compare(p.Rel.LE, amount, ghost)


def two_together(about: Subject) -> Iterator[Term]:
    """Two variables of a run have moved away from their starts, each up or down, by no more than a sum together."""
    view = about.loop.view
    moved: dict[str, list[list[Num]]] = {}
    for key in sorted(view.changing, key=str):
        value, then = view.scalars[key][1], _since(about, key, When.START)
        if isinstance(value, Num) and then is not None:
            moved.setdefault(key.run, []).append([n.subtract(value, then), n.subtract(then, value)])
    for run, ways in moved.items():
        for one, other in combinations(ways, 2):
            for first, second, ghost in product(one, other, view.ghosts[run]):
                yield n.compare(p.Rel.LE, n.add(first, second), ghost)


def _since(about: Subject, key: RunVariable, when: When) -> Num | None:
    """The value of a variable at the start of this loop, or of the first one; None where it is no number."""
    _, value = about.loop.view.scalars.get(replace(key, when=when), (None, None))
    return value if isinstance(value, Num) else None


def _assignments(about: Subject, run: str) -> Iterator[p.Assign]:
    return (each for each in statements(_algorithm(about, run).body) if isinstance(each, p.Assign))


def _algorithm(about: Subject, run: str) -> p.Algorithm:
    return next(each.algorithm for each in about.given.scenario.runs if each.name == run)


def _steps(about: Subject, run: str) -> list[int]:
    """The constants that a run adds to a variable, or subtracts."""
    moves = (
        node.right.value
        for each in _assignments(about, run)
        for node in expressions(each.value)
        if isinstance(node, p.Arith) and node.op in (p.Op.ADD, p.Op.SUB) and isinstance(node.right, p.Const)
    )
    return sorted({step for step in moves if step > 0})


def _factors(about: Subject, run: str) -> list[int]:
    """The constants that a run multiplies something with."""
    factors = (
        node.right.value if node.op is p.Op.MUL else 1 << node.right.value
        for each in _assignments(about, run)
        for node in expressions(each.value)
        if isinstance(node, p.Arith) and node.op in (p.Op.MUL, p.Op.SHL) and isinstance(node.right, p.Const)
    )
    return sorted({factor for factor in factors if factor > 1})


def _units(about: Subject, run: str) -> list[int]:
    """The constants by which a run divides something, or multiplies it."""
    divisors = (
        node.right.value if node.op is p.Op.DIV else 1 << node.right.value
        for each in statements(_algorithm(about, run).body)
        for node in expressions(each)
        if isinstance(node, p.Arith) and node.op in (p.Op.DIV, p.Op.SHR) and isinstance(node.right, p.Const)
    )
    return sorted({1, *divisors, *_factors(about, run)})


def _constants(about: Subject, run: str, name: str) -> list[int]:
    """The constants that a run sets a variable to."""
    values = (each.value for each in _assignments(about, run) if each.name == name)
    return sorted({value.value for value in values if isinstance(value, p.Const)})
