"""Maps of some hundreds of regions that break a property of which no short map does, and no proof is found.

A counter that comes round, a window of so many places, a count that is bounded: what breaks these takes many regions,
and then mostly any. So a short map that keeps what is assumed, and of which the property speaks, is repeated, each time
behind itself in memory. How often, and how large its regions are, is told by the constants of the program. A map of
which the interpreter says that it breaks the property is cut to its shortest beginning that still does, and then
blocks of regions are taken out of it.

*Nothing here has to be sound*: the interpreter has the last word. But unlike those of the search a counterexample from
here is not known to be the smallest. It never has fewer regions than ``shortest``, so that its length tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from checker import program as p
from checker.base.values import frozen, mutable
from checker.program.types import Boolean, Enumeration, Flags, Integer, Quantity, width
from checker.program.valuation import Column, Valuation
from checker.program.walk import expressions
from checker.prove.search.shrink import Accept
from checker.prove.search.unroll import Unrolled
from checker.prove.terms.effort import Effort
from checker.prove.terms.solver import Answer, Solver

_LENGTHS = (257, 65, 17)
"""The lengths that are tried in any case: a byte's worth of regions and one more, and some shorter ones."""

_LONGEST = 1024
"""The greatest length that is tried."""

_SIZES = 6
"""The most sizes of regions that are tried, beside their own."""

_KINDS = 4
"""The most values of a field that says of what kind a region is."""

_STEPS = 3_000_000
"""The expressions that may be looked at for one check, at most: some seconds."""

_EFFORT = 1_000_000
"""The most that looking for a short map to repeat may cost."""

_PAGE = 1 << 12


def long_map(
    scenario: p.Scenario,
    check: p.Check,
    seeds: Iterable[Valuation],
    accept: Accept,
    shortest: int,
    is_too_long: Callable[[int], bool],
) -> Valuation | None:
    """A map of at least ``shortest`` regions that breaks a check, as ``accept`` tells; None if none was met. ``seeds``
    are short ones that keep what the check assumes."""
    asked = _Asked(accept, _weight(scenario, check))
    trees = _trees(scenario, check)
    for seed in seeds:
        for values in _variants(scenario.maps[0].record, trees):
            block = _Block.of(scenario, seed, values)
            for rows in _lengths(check, block):
                found = block.times(rows) if rows >= shortest and not is_too_long(rows) else None
                if found is not None and asked.breaks(found, rows):
                    return _cut(found, rows, block, asked, shortest)
    return None


def speaking(
    formulas: Iterable[p.ForAll | p.TotalsAtMost | None], every: Iterable[Unrolled], effort: Effort
) -> Iterator[Valuation]:
    """Short maps that keep what is assumed, and of which all of some formulas speak."""
    said = [each for each in formulas if each is not None]
    for unrolled in every:
        solver = Solver(effort, unrolled.constraints)
        for formula in said:
            solver.add(unrolled.applies(formula))
        if solver.check(at_most=_EFFORT) is Answer.SAT:
            yield unrolled.concrete(solver.model())


@mutable
class _Asked:
    """The interpreter, asked as long as it has not looked at too much. ``weight`` is what there is to look at for each
    region, and for each pair."""

    accept: Accept
    weight: tuple[int, int]
    spent: int = 0

    def breaks(self, found: Valuation, rows: int) -> bool:
        """Tell whether a map breaks the check; False where that costs too much."""
        each, pair = self.weight
        cost = rows * each + rows * rows * pair
        if self.spent + cost > _STEPS:
            return False
        self.spent += cost
        return self.accept(found)


@frozen
class _Block:
    """A short map that is repeated: each time ``stride`` further in memory."""

    seed: Valuation
    columns: Mapping[str, Column]
    kinds: Mapping[str, Integer]
    stride: int
    unordered: tuple[str, ...]

    @staticmethod
    def of(scenario: p.Scenario, seed: Valuation, values: Mapping[str, int]) -> _Block:
        """The block of a map, with some fields of all its regions set to some values."""
        kinds = {name: kind for name, kind in scenario.maps[0].record.inputs if isinstance(kind, Integer)}

        def changed(region: Mapping[str, int] | None) -> Mapping[str, int] | None:
            return None if region is None else {**region, **values}

        columns = {name: tuple(map(changed, column)) for name, column in seed.maps.items()}
        columns = {name: tuple(_behind_each_other(column, kinds)) for name, column in columns.items()}
        ends = [_end(region, kinds) for column in columns.values() for region in column if region is not None]
        starts = [_start(region, kinds) for column in columns.values() for region in column if region is not None]
        stride = max(ends, default=0) - min(starts, default=0)
        unordered = tuple(run.name for run in scenario.runs if run.handover and run.handover.travel is p.Travel.ANYHOW)
        return _Block(seed, columns, kinds, stride + -stride % _PAGE, unordered)

    def times(self, rows: int) -> Valuation | None:
        """A map of so many regions; None where the last ones would lie past the end of what addresses there are."""
        length = len(next(iter(self.columns.values())))
        maps: dict[str, Column] = {}
        for name, column in self.columns.items():
            made = tuple(self._moved(column[row % length], row // length) for row in range(rows))
            if any(region is not None and not _fits(region, self.kinds) for region in made):
                return None
            maps[name] = made
        choices = dict(self.seed.choices)
        for (run, name, row), value in self.seed.choices.items():
            if row is not None:
                choices |= {(run, name, other): value for other in range(row, rows, length)}
        return replace(
            self.seed, maps=maps, choices=choices, orders={run: tuple(range(rows)) for run in self.unordered}
        )

    def _moved(self, region: Mapping[str, int] | None, times: int) -> Mapping[str, int] | None:
        if region is None:
            return None
        physical = (name for name, kind in self.kinds.items() if kind.quantity is Quantity.PHYSICAL)
        return {**region, **{name: region[name] + times * self.stride for name in physical}}


def _behind_each_other(column: Column, kinds: Mapping[str, Integer]) -> Iterator[Mapping[str, int] | None]:
    """The regions of a column, where each may have become larger, so that none reaches into the one behind it."""
    physical = [name for name, kind in kinds.items() if kind.quantity is Quantity.PHYSICAL]
    free = 0
    for region in column:
        if region is None:
            yield None
            continue
        by = max(0, free - _start(region, kinds))
        moved = {**region, **{name: region[name] + by for name in physical}}
        free = _end(moved, kinds)
        yield moved


def _start(region: Mapping[str, int], kinds: Mapping[str, Integer]) -> int:
    return next((region[name] for name, kind in kinds.items() if kind.quantity is Quantity.PHYSICAL), 0)


def _end(region: Mapping[str, int], kinds: Mapping[str, Integer]) -> int:
    for name, kind in kinds.items():
        if kind.quantity in (Quantity.PAGES, Quantity.BYTES):
            return _start(region, kinds) + region[name] * (_PAGE if kind.quantity is Quantity.PAGES else 1)
    return _start(region, kinds)


def _fits(region: Mapping[str, int], kinds: Mapping[str, Integer]) -> bool:
    return all(region[name] < 1 << width(kind) for name, kind in kinds.items())


def _trees(scenario: p.Scenario, check: p.Check) -> list[p.Tree]:
    """All that says what is run, assumed and asked."""
    trees: list[p.Tree] = [part for run in scenario.runs for part in (run.algorithm.body, run.arguments)]
    trees += [each.formula for each in check.assumptions]
    return trees + ([] if isinstance(check.goal, p.ExactArithmetic) else [each.formula for each in check.goal])


def _variants(record: p.Record, trees: Sequence[p.Tree]) -> Iterator[dict[str, int]]:
    """Values that all regions have in some fields: none, sizes, or what counterexamples prefer, with each kind of
    region that the program names."""
    yield {}
    lengths = [name for name, kind in record.inputs if isinstance(kind, Integer) and kind.quantity is Quantity.PAGES][
        :1
    ]
    yield from (dict.fromkeys(lengths, size) for size in _sizes(trees) if lengths)
    plain = {**dict.fromkeys(lengths, 1), **dict(record.preferred)}
    yield plain
    named = {node: None for tree in trees for node in expressions(tree) if isinstance(node, p.Const)}
    for name, kind in record.inputs:
        if isinstance(kind, Enumeration | Flags | Boolean):
            found = (node.value for node in named if node.type == kind and node.value != plain.get(name))
            yield from ({**plain, name: value} for value in islice(found, _KINDS))


def _sizes(trees: Sequence[p.Tree]) -> list[int]:
    """Numbers of pages that the program names, or that come to as many bytes as it names, the largest first."""
    found: set[int] = set()
    for node in (node for tree in trees for node in expressions(tree)):
        if isinstance(node, p.Const) and isinstance(node.type, Integer):
            kind = node.type.quantity
            found |= {node.value} if kind is Quantity.PAGES else set()
            found |= {node.value // _PAGE} if kind is Quantity.BYTES else set()
    return sorted((each for each in found if 1 < each < 1 << 40), reverse=True)[:_SIZES]


def _lengths(check: p.Check, block: _Block) -> list[int]:
    """The lengths to try, the longest first: the most regions that assumptions on totals and counts allow are among
    them."""
    found = set(_LENGTHS)
    for each in check.assumptions:
        if isinstance(each.formula, p.TotalAtMost):
            amount = each.formula.amount
            size = amount.value if isinstance(amount, p.Const) else block.stride
            found |= {each.formula.bound // size} if size else set()
    return sorted((each for each in found if each <= _LONGEST), reverse=True)


def _weight(scenario: p.Scenario, check: p.Check) -> tuple[int, int]:
    """Count what there is to look at, for each region and for each pair."""
    formulas = [each.formula for each in check.assumptions]
    formulas += [] if isinstance(check.goal, p.ExactArithmetic) else [each.formula for each in check.goal]
    of_pairs = [each for each in formulas if isinstance(each, p.ForAll) and each.arity == 2]
    each = sum(_count(part) for run in scenario.runs for part in (run.algorithm.body,)) + sum(map(_count, formulas))
    return each, sum(map(_count, of_pairs))


def _count(tree: p.Tree) -> int:
    return 1 + sum(1 for _ in expressions(tree))


def _cut(found: Valuation, rows: int, block: _Block, asked: _Asked, shortest: int) -> Valuation:
    """The shortest beginning of a map that breaks the check, as far as halving finds it; without blocks of regions that
    it does not need for that."""
    low = shortest
    while low < rows:
        middle = (low + rows) // 2
        shorter = block.times(middle)
        if shorter is not None and asked.breaks(shorter, middle):
            found, rows = shorter, middle
        else:
            low = middle + 1
    size = rows // 2
    while size:
        begin = 0
        while begin < rows:
            left = _without(found, range(begin, min(begin + size, rows)))
            fewer = rows - min(size, rows - begin)
            if fewer >= shortest and asked.breaks(left, fewer):
                found, rows = left, fewer
            else:
                begin += size
        size //= 2
    return found


def _without(found: Valuation, gone: range) -> Valuation:
    """The values without some rows; those that are left are counted anew."""
    count = len(next(iter(found.maps.values())))
    place = {row: number for number, row in enumerate(row for row in range(count) if row not in gone)}
    return replace(
        found,
        maps={name: tuple(column[row] for row in place) for name, column in found.maps.items()},
        choices={
            (run, name, None if row is None else place[row]): value
            for (run, name, row), value in found.choices.items()
            if row is None or row in place
        },
        orders={run: tuple(place[row] for row in order if row in place) for run, order in found.orders.items()},
    )
