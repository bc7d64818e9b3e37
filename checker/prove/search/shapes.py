"""The outlines of what is unrolled: how long lists are, in which order they come, and how long chains are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, permutations, product
from math import factorial

from checker import program as p
from checker.base.values import frozen
from checker.program.valuation import MAX_GENERATIONS
from checker.program.walk import has_split, passes
from checker.prove.pieces.cuts import MOST


@frozen
class Shape:
    """The outline of what is unrolled: how many rows, and for every run in what order they come and how often."""

    rows: int
    orders: tuple[tuple[str, tuple[int, ...]], ...] = ()
    generations: tuple[tuple[str, int], ...] = ()
    beside: tuple[tuple[str, int], ...] = ()
    """The lengths of the lists beside the map."""

    @property
    def size(self) -> int:
        """The number of rows and of entries of lists beside the map."""
        return self.rows + sum(length for _, length in self.beside)


_FEW_SHAPES = 4
"""The most shapes that a longer length may have to be searched. Orders of arrival and chains multiply them: eight
regions arrive in 40320 orders."""

_WITH_LISTS = 6
"""Lengths up to this are searched likewise where there are lists beside the map, whose lengths multiply them too."""

_MOST_ORDERS = 36
"""The most ways to order what comes in no order that are unrolled: two lists of three regions, each in every order."""


def shapes(scenario: p.Scenario, rows: int) -> Iterator[Shape]:
    """Every outline of so many rows and entries of lists beside the map, the plainest first; where there are too many
    orders, all lists have the same."""
    names = [each.name for each in scenario.beside]
    for lengths in product(range(rows + 1), repeat=len(names)):
        if sum(lengths) <= rows:
            beside = tuple(zip(names, lengths, strict=True))
            yield from (replace(each, beside=beside) for each in _shapes(scenario, rows - sum(lengths)))


def _shapes(scenario: p.Scenario, rows: int) -> Iterator[Shape]:
    lists, chained = unordered(scenario), [r.name for r in scenario.runs if r.chained]
    lengths = range(1, MAX_GENERATIONS + 1)
    together = [(length,) * len(chained) for length in (lengths if chained else lengths[:1])]
    apart = product(lengths, repeat=len(chained)) if len(chained) == 2 else iter(())
    for counts in dict.fromkeys((*together, *apart)):
        generations = tuple(zip(chained, counts, strict=True))
        for orders in _orders(rows, len(lists)):
            yield Shape(rows, tuple(zip(lists, orders, strict=True)), generations)


def exhaustive(scenario: p.Scenario, rows: int) -> bool:
    """Tell whether everything that can happen on so many rows has one of their shapes.

    Of a chain it never has: it may be longer; and unrolled, its kernels all choose alike and receive in one order.
    """
    if unordered(scenario) and any(has_split(run.algorithm.body) for run in scenario.runs):
        # The pieces of one region arrive together, in every shape.
        return rows == 0
    few = factorial(rows) ** len(unordered(scenario)) <= _MOST_ORDERS
    return (few or len(unordered(scenario)) < 2) and not any(run.chained for run in scenario.runs)


def has_few(scenario: p.Scenario, length: int) -> bool:
    """Tell whether a length has so few shapes that it is searched even where it is more than need be."""
    few = _FEW_SHAPES + (length + 1) * len(scenario.beside) if length <= _WITH_LISTS else _FEW_SHAPES
    return len(list(islice(shapes(scenario, length), few + 1))) <= few


def most_pieces(scenario: p.Scenario, run: p.Run) -> int:
    """The most regions that a run's layout may have for each region of the map."""
    source = next((each for each in scenario.runs if each.name == run.source), None)
    before = 1 if source is None else most_pieces(scenario, source)
    splits = sum(has_split(each.body) for each in passes(run.algorithm.body))
    return int(before * MOST ** (splits * (MAX_GENERATIONS if run.chained else 1)))


def unordered(scenario: p.Scenario) -> list[str]:
    """The runs that receive regions in no known order."""
    return [r.name for r in scenario.runs if r.handover is not None and r.handover.travel is p.Travel.ANYHOW]


def _orders(rows: int, lists: int) -> Iterator[tuple[tuple[int, ...], ...]]:
    """The orders of so many lists that come in no order."""
    if factorial(rows) ** lists <= _MOST_ORDERS:
        yield from product(permutations(range(rows)), repeat=lists)
    else:
        yield from ((order,) * lists for order in permutations(range(rows)))
