"""From some counterexample to the one worth showing: smallest sizes first, then the roundest addresses.

The number of descriptors is already the smallest, since shorter maps were searched before. Sizes are minimised by the
solver: first the total number of pages (exactly, unless it is large), then each region's. Everything else is
simplified by trying: a simpler value is kept if the interpreter says that the map still breaks the goal. No step
depends on chance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

from checker import program as p
from checker.program.types import Enumeration, Flags, Integer, Quantity, Type
from checker.program.valuation import Valuation
from checker.prove.search.unroll import Unrolled
from checker.prove.search.unroll import number as value_in
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import is_true
from checker.prove.terms.numbers import Num
from checker.prove.terms.solver import Answer, Solver

_PRECISION = 10
"""The least total is found exactly below 1024 pages, and else up to one part in so many powers of two."""

Accept = Callable[[Valuation], bool]


def smallest(unrolled: Unrolled, solver: Solver, record: p.Record) -> Valuation:
    """The model of ``solver`` with the fewest pages; ``solver`` has just answered SAT.

    Where there are two maps, they differ in fields only, if that is possible. The total is the least possible one,
    or very near it. Of the maps with that total, one is taken in which the first region has as few binary digits as
    possible, then the second, and so on.
    """
    best = solver.model()
    present = unrolled.everything_present()
    if not is_true(present):
        solver.push()
        solver.add(present)
        if solver.check() is Answer.SAT:
            best = solver.model()
        else:
            solver.pop()
    for name, kind in record.inputs:
        if isinstance(kind, Integer) and kind.quantity is Quantity.PAGES:
            numbers = unrolled.amounts(name)
            best = _minimise(reduce(n.add, numbers, n.const(0)), solver, best, digits_only=False)
            for number in numbers[:-1]:
                best = _minimise(number, solver, best, digits_only=True)
    return unrolled.concrete(best)


def _minimise(number: Num, solver: Solver, best: Any, *, digits_only: bool) -> Any:
    """Fix ``number`` at its least possible count of binary digits, or at its least value, by halving. ``best`` is a
    model of all that is assumed, as what is returned is: so nothing is asked of which the answer is known."""
    high = value_in(best, number)

    def below(bound: int) -> bool:
        nonlocal best, high
        solver.push()
        solver.add(n.compare(p.Rel.LE, number, n.const(bound)))
        found = solver.check() is Answer.SAT
        if found:
            best = solver.model()
            high = value_in(best, number)
        solver.pop()
        return found

    low_digits = 0
    while low_digits < high.bit_length():
        middle = (low_digits + high.bit_length() - 1) // 2
        if not below((1 << middle) - 1):
            low_digits = middle + 1
    low = 1 << (low_digits - 1) if low_digits else 0
    while not digits_only and high - low > high >> _PRECISION:
        middle = (low + high) // 2
        if not below(middle):
            low = middle + 1
    limit = high if not digits_only else (1 << high.bit_length()) - 1
    solver.add(n.compare(p.Rel.LE, number, n.const(limit)))
    return best


def least(number: Num, solver: Solver, high: int, step: int) -> tuple[int, bool]:
    """Return the least value of a number, of which ``high`` is one, in multiples of ``step``, and tell whether it
    surely is that. The solver is left as it was."""
    low, sure = 0, True
    while low < high:
        middle = (low + high) // 2 // step * step
        solver.push()
        solver.add(n.compare(p.Rel.LE, number, n.const(middle)))
        answer = solver.check()
        if answer is Answer.SAT:
            high = value_in(solver.model(), number)
        else:
            low, sure = middle + step, sure and answer is Answer.UNSAT
        solver.pop()
    return high, sure


def within_precision(total: int) -> int:
    """The smallest total that is not told from ``total``."""
    return total - (total >> _PRECISION)


def simplify(found: Valuation, scenario: p.Scenario, accept: Accept) -> Valuation:
    """``found`` with every value as simple as ``accept`` allows, tried in a fixed order until nothing changes."""
    record = scenario.maps[0].record
    preferred = dict(record.preferred)
    while True:
        before = found
        found = _shift(found, scenario, accept)
        for index in range(_rows(found)):
            for name, kind in record.inputs:
                for maps in _ways(found, index, name):
                    found = _field(found, maps, index, name, _simpler(kind, preferred.get(name)), accept)
        for given in scenario.scalars:
            for value in _simpler(given.type, None)(found.scalars[given.name]):
                trial = replace(found, scalars={**found.scalars, given.name: value})
                if accept(trial):
                    found = trial
                    break
        for name in found.indices:
            # Where the interpreter finds one by itself, none needs to be told.
            trial = replace(found, indices={each: number for each, number in found.indices.items() if each != name})
            if accept(trial):
                found = trial
        for other in scenario.beside:
            found = _simpler_entries(found, other, accept)
        if found == before:
            return found


def _simpler_entries(found: Valuation, given: p.GivenList, accept: Accept) -> Valuation:
    """``found`` with the entries of a list beside the map as simple as can be."""
    preferred = dict(given.record.preferred)
    for index in range(len(found.beside[given.name])):
        for name, kind in given.record.inputs:
            entries = found.beside[given.name]
            for value in _simpler(kind, preferred.get(name))(entries[index][name]):
                changed = (*entries[:index], {**entries[index], name: value}, *entries[index + 1 :])
                trial = replace(found, beside={**found.beside, given.name: changed})
                if accept(trial):
                    found = trial
                    break
    return found


def _rows(found: Valuation) -> int:
    return max(len(column) for column in found.maps.values())


def _ways(found: Valuation, index: int, name: str) -> Iterator[tuple[str, ...]]:
    """The sets of maps in which to change a field together: where it is the same everywhere, everywhere."""
    values = {key: column[index] for key, column in found.maps.items()}
    there = {key: fields[name] for key, fields in values.items() if fields is not None}
    if len(set(there.values())) == 1:
        yield tuple(there)
    else:
        yield from ((key,) for key in there)


def _field(
    found: Valuation, maps: tuple[str, ...], index: int, name: str, simpler: Simpler, accept: Accept
) -> Valuation:
    fields = found.maps[maps[0]][index]
    assert fields is not None
    alike = [v[name] for k, c in found.maps.items() if k not in maps and (v := c[index]) is not None]
    for value in (*alike, *simpler(fields[name])):
        trial = _with(found, maps, index, name, value)
        if accept(trial):
            return trial
    return found


def _with(found: Valuation, maps: tuple[str, ...], index: int, name: str, value: int) -> Valuation:
    columns = dict(found.maps)
    for key in maps:
        rows = list(columns[key])
        fields = rows[index]
        assert fields is not None
        rows[index] = {**fields, name: value}
        columns[key] = tuple(rows)
    return replace(found, maps=columns)


def _shift(found: Valuation, scenario: p.Scenario, accept: Accept) -> Valuation:
    """Move all regions together, so that what depends only on their distances survives; with the lists beside the
    map, where there are some, as far as these have addresses of the kind."""
    for name, kind in scenario.maps[0].record.inputs:
        values = _values(found, name)
        if not isinstance(kind, Integer) or not kind.is_address or not values:
            continue
        lowest = min(values)
        for value in _simpler(kind, None)(lowest):
            delta = value - lowest
            moved = {
                key: tuple(
                    None if fields is None else {**fields, name: (fields[name] + delta) % (1 << kind.width)}
                    for fields in column
                )
                for key, column in found.maps.items()
            }
            trial = replace(found, maps=moved)
            if not _heavier(values, _values(trial, name)):
                continue
            if scenario.beside and accept(both := replace(trial, beside=_moved(found, scenario, kind, delta))):
                found = both
                break
            if accept(trial):
                found = trial
                break
    return found


def _moved(
    found: Valuation, scenario: p.Scenario, kind: Integer, delta: int
) -> dict[str, tuple[Mapping[str, int], ...]]:
    """The lists beside the map with all addresses of a kind moved."""
    moved: dict[str, tuple[Mapping[str, int], ...]] = {}
    for each in scenario.beside:
        names = {name for name, other in each.record.inputs if other == kind}
        moved[each.name] = tuple(
            {name: (value + delta) % (1 << kind.width) if name in names else value for name, value in entry.items()}
            for entry in found.beside[each.name]
        )
    return moved


def _values(found: Valuation, name: str) -> list[int]:
    return [fields[name] for column in found.maps.values() for fields in column if fields is not None]


def _heavier(old: list[int], new: list[int]) -> bool:
    """Tell whether the old values are harder to read, all together, than the new ones."""

    def weight(values: list[int]) -> tuple[int, ...]:
        return tuple(map(sum, zip(*map(_weight, values), strict=True)))

    return weight(new) < weight(old)


Simpler = Callable[[int], Iterator[int]]
"""For a value, those to try in its place, the simplest first; each is simpler than it."""


def _simpler(kind: Type, preferred: int | None) -> Simpler:
    """Return what is simpler than what, for values of a type of which one may be preferred to all others."""

    def simpler(value: int) -> Iterator[int]:
        if value == preferred:
            return
        if preferred is not None:
            yield preferred
        if isinstance(kind, Enumeration):
            members = [member for _, member in kind.members]
            yield from members[: members.index(value) if value in members else len(members)]
        elif isinstance(kind, Flags):
            base = preferred or 0
            tries = {value ^ (1 << bit) for bit in range(kind.width) if (value ^ base) >> bit & 1}
            tries |= {member for _, member in kind.members} | {0}
            yield from sorted(
                (t for t in tries if _flag_weight(t ^ base) < _flag_weight(value ^ base)),
                key=lambda each: _flag_weight(each ^ base),
            )
        elif isinstance(kind, Integer):
            tries = {0, 1, value - 1, *_round(value, kind.width)}
            yield from sorted((t for t in tries if t >= 0 and _weight(t) < _weight(value)), key=_weight)
        else:
            yield from range(value)

    return simpler


def _round(value: int, width: int) -> Iterator[int]:
    """Numbers that share ``value``'s low or high bits, on round bases."""
    for bit in range(width):
        high, low = value >> bit << bit, value % (1 << bit)
        yield high
        yield low
        if bit >= 20:
            yield from (base + low for base in (1 << bit, 2 << bit) if base + low < 1 << width)


def _weight(value: int) -> tuple[int, int]:
    """A measure of how hard a number is to read: its hex digits but for leading and trailing zeros, then its size."""
    digits = f"{value:x}".strip("0")
    return (len(digits), value)


def _flag_weight(value: int) -> tuple[int, int]:
    return (value.bit_count(), value)
