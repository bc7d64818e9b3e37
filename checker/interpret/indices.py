"""The numbers that a quantifier ranges over beside regions, on concrete maps.

Where there are few they are all looked at. A region may have more pages than anybody can count; then some are, those
that somebody points out (`World.indices`: a solver does) among them, and `all_chosen` says so. What fails for one of
them fails; what holds for them is not known to hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from checker import program as p
from checker.interpret.evaluate import Environment, in_formula

Chosen = Callable[[Environment], Iterator[Environment]]
"""Gives what can be seen with each choice of numbers, from what can be seen without them."""


def chosen(indices: Sequence[p.Index], pointed_out: Mapping[str, int], most: int) -> Chosen:
    """Every choice of numbers for ``indices``, if they are no more than ``most``; else some."""
    if not indices:
        return lambda env: iter((env,))
    first, *others = indices
    name, end = first.variable.name, _end(first)

    def choices(env: Environment) -> Iterator[Environment]:
        numbers = _numbers(end(env), pointed_out.get(name), most)
        inner = chosen(others, pointed_out, most // max(1, len(numbers)))
        for number in numbers:
            yield from inner(Environment({**env.scalars, name: number}, env.regions))

    return choices


def all_chosen(indices: Sequence[p.Index], env: Environment, most: int) -> bool:
    """Tell whether `chosen` gives every choice of numbers."""
    if not indices:
        return True
    first, *others = indices
    end = _end(first)(env)
    if end > most or not others:
        return end <= most
    each = (Environment({**env.scalars, first.variable.name: number}, env.regions) for number in range(end))
    return all(all_chosen(others, inner, most // max(1, end)) for inner in each)


def _end(index: p.Index) -> Callable[[Environment], int]:
    """The first number that is out of the range of an index."""
    bound, every = in_formula(index.bound), 1 << index.type.width
    return lambda env: min(max(0, bound(env)), every)


def _numbers(end: int, pointed_out: int | None, most: int) -> Sequence[int]:
    if end <= most:
        return range(end)
    ends = (number for bit in range(end.bit_length()) for number in (1 << bit, (1 << bit) - 1, end - (1 << bit)))
    tried = {number for number in ends if number < end}
    if pointed_out is not None and pointed_out < end:
        tried.add(pointed_out)
    return sorted(tried)
