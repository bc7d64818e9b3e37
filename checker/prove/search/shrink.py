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

from checker import program as p
from checker.base.values import frozen
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

_NICER = 2_000_000
"""The most that a question for a nicer map than the one that was found may cost. Some take more than to find one."""

_ALL_NICER = 8_000_000
"""The most that all such questions for one map may cost."""

Accept = Callable[[Valuation], bool]


def smallest(unrolled: Unrolled, solver: Solver, record: p.Record, accept: Accept) -> Valuation:
    """The model of ``solver`` with the fewest pages; ``solver`` has just answered SAT.

    Where there are two maps, they differ in fields only, if that is possible. The total is the least possible one,
    or very near it. Of the maps with that total, one is taken in which the first region has as few binary digits as
    possible, then the second, and so on. What is too hard to tell of these (`_NICER`) is left as it was found.
    """
    with solver.effort.reserving(max(0, solver.effort.left - _ALL_NICER)):
        return _smallest(unrolled, solver, record, accept)


def _smallest(unrolled: Unrolled, solver: Solver, record: p.Record, accept: Accept) -> Valuation:
    best = unrolled.concrete(solver.model())
    present = unrolled.everything_present()
    if not is_true(present):
        solver.push()
        solver.add(present)
        if solver.check(at_most=_NICER) is Answer.SAT:
            best = unrolled.concrete(solver.model())
        else:
            solver.pop()
    for name, kind in record.inputs:
        if isinstance(kind, Integer) and kind.quantity is Quantity.PAGES:
            best = _Sizes(unrolled, solver, name, accept).smallest(best)
    return best


@frozen
class _Sizes:
    """The numbers of pages in a field, made small: first as the interpreter tells, which is asked a thousand times for
    what one question costs the solver; then the solver is asked whether less would do."""

    unrolled: Unrolled
    solver: Solver
    name: str
    accept: Accept

    def smallest(self, best: Valuation) -> Valuation:
        """Fix the sizes at the smallest ones; ``best`` is a model of all that is assumed, as what is returned is."""
        amounts = self.unrolled.amounts(self.name)
        best = self._fewest(reduce(n.add, amounts, n.const(0)), self._tried(best))
        for index, amount in enumerate(amounts[:-1]):
            best = self._shortest(amount, index, best)
        return best

    def _fewest(self, total: Num, best: Valuation) -> Valuation:
        low, asked = 0, 0
        while sum(sizes := self._of(best)) - low > sum(sizes) >> _PRECISION:
            # Most often a page each will do, or nothing less than what the interpreter came to.
            guesses = (sum(map(bool, sizes)), within_precision(sum(sizes)) - 1)
            bound = guesses[asked] if asked < len(guesses) else _between(low, sum(sizes))
            asked += 1
            if not low <= bound < sum(sizes):
                continue
            found = self._below(total, bound)
            if found is not None:
                best = self._tried(found)
            else:
                low = bound + 1
        self.solver.add(n.compare(p.Rel.LE, total, n.const(sum(self._of(best)))))
        return best

    def _shortest(self, amount: Num, index: int, best: Valuation) -> Valuation:
        low = 0
        while low < (digits := self._of(best)[index].bit_length()):
            middle = min(low, 1) if low < 2 else (low + digits - 1) // 2
            found = self._below(amount, (1 << middle) - 1)
            if found is not None:
                best = found
            else:
                low = middle + 1
        self.solver.add(n.compare(p.Rel.LE, amount, n.const((1 << digits) - 1)))
        return best

    def _below(self, number: Num, bound: int) -> Valuation | None:
        """A model in which a number is that small; None if none is found."""
        self.solver.push()
        self.solver.add(n.compare(p.Rel.LE, number, n.const(bound)))
        answer = self.solver.check(at_most=_NICER)
        found = self.unrolled.concrete(self.solver.model()) if answer is Answer.SAT else None
        self.solver.pop()
        return found

    def _of(self, found: Valuation) -> list[int]:
        """The sizes in the order of `Unrolled.amounts`."""
        maps = (found.maps[each.name] for each in self.unrolled.given.scenario.maps)
        return [0 if region is None else region[self.name] for column in maps for region in column]

    def _tried(self, found: Valuation) -> Valuation:
        """``found`` with sizes as small as the interpreter allows, one after the other."""
        for index in range(_rows(found)):
            for maps in _ways(found, index, self.name):
                found = self._smaller(found, maps, index)
        return found

    def _smaller(self, found: Valuation, maps: tuple[str, ...], index: int) -> Valuation:
        """``found`` with one size small: by halving, as if what is more were as good."""
        region = found.maps[maps[0]][index] if maps else None
        low, high = 1, region[self.name] if region is not None else 0
        middle = low
        while low < high:
            trial = _with(found, maps, index, self.name, middle)
            if self.accept(trial):
                found, high = trial, middle
            else:
                low = middle + 1
            middle = _between(low, high)
        return found


def _between(low: int, high: int) -> int:
    """A number from ``low`` to below ``high``, to halve what is left: the digits first, as mostly few are needed."""
    digits = (low.bit_length() + high.bit_length()) // 2
    power = (1 << digits) - 1
    return power if low < power < high else (low + high) // 2


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
