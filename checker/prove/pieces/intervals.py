"""Bounds on totals that nobody assumed: of regions that lie apart, and all between two addresses.

Let the regions of a map for which ``w`` holds have a length ``a`` and begin at a field ``f``. If the intervals from
``f`` to ``f + a`` of any two of them have nothing in common, and all lie between ``low`` and ``high``, their lengths
come to no more than ``high - low``: each is a set of so many whole numbers, the sets are disjoint, and all are parts of
one that has ``high - low``. Where a length is 0 there is nothing to lie apart.

Both conditions are statements, of two regions of which one stands before the other, and of one: with all that is
assumed of these. They are decided by Z3, and become part of each proof, whether it needs them or not: another solver
and `recheck` are asked them too.

``low`` and ``high`` are 0 and the constants that assumptions speak of, or addresses that are given. Of these nobody
knows which is the greater one. Where ``high`` is below ``low`` no region lies between them, all lengths are 0, and so
is what they come to: the bound is never below 0.

Which lengths are looked at bears on what can be proved alone: those that runs add up in their passes, under conditions
of which those are left out that the map does not decide, where no total is assumed: more regions come to no less. A
bound of half the address space or more is left out; what lies between given addresses is asked only where no constant
is a bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from checker import program as p
from checker.program.types import BOOL, Integer, Quantity
from checker.program.walk import expressions
from checker.prove.invariants.told import REGION
from checker.prove.pieces.lasting import TotalsStatement
from checker.prove.pieces.tallies import Tally, added
from checker.prove.system import inputs
from checker.prove.system.inputs import PRESENT, Inputs, PlaceBound
from checker.prove.terms import numbers as n
from checker.prove.terms.effort import Effort
from checker.prove.terms.encode import Environment, Region, conj, disj, encode, select
from checker.prove.terms.numbers import Num, OutOfReachError, Term
from checker.prove.terms.solver import Answer, implied

_MOST = 1 << 63
_UNKNOWN = 1 << 128
"""Stands for a bound that is no constant: more than any total of bytes that are somewhere."""

_NOWHERE = p.Const(Integer("pa", 64, Quantity.PHYSICAL), 0)

_CONSTANTS = 8
"""The constants, at most, that are tried as a bound of the addresses."""


def apart(given: Inputs, effort: Effort) -> Inputs:
    """The inputs with the bounds on totals that follow from where regions lie."""
    found = []
    bounded = any(isinstance(each.formula, p.TotalAtMost) for each in given.assumptions)
    for tally in dict.fromkeys(added(given.scenario, whole=not bounded)):
        if _are_told_apart(tally.map, given):
            found += list(_bounded(tally, given, effort))
    return replace(given, place_bounds=tuple(found))


def statements(given: Inputs) -> Iterator[TotalsStatement]:
    """All that has to be shown for these bounds. Raises `OutOfReachError`."""
    for each in given.place_bounds:
        yield two_apart(each, given)
        yield one_between(each, given)


def two_apart(made: PlaceBound, given: Inputs) -> TotalsStatement:
    """That two of the regions have nothing in common. Raises `OutOfReachError`."""
    name = made.total.regions.name
    rows, known = zip(*(inputs.row(f"apart:{which}", given) for which in ("first", "second")), strict=True)
    first, second = (row.of(name) for row in rows)
    premises = [*given.facts, *known[0], *known[1], *inputs.together(first, second, name, given)]
    (counts, begins, length), (other_counts, other_begins, other_length) = (
        _interval(made, region, given) for region in (first, second)
    )
    none = [n.compare(p.Rel.LE, each, n.const(0)) for each in (length, other_length)]
    before = n.compare(p.Rel.LE, n.add(begins, length), other_begins)
    behind = n.compare(p.Rel.LE, n.add(other_begins, other_length), begins)
    what = f"what line {made.total.span.line} adds up lies apart"
    return TotalsStatement(what, (*premises, counts, other_counts), disj(*none, before, behind))


def one_between(made: PlaceBound, given: Inputs) -> TotalsStatement:
    """That each of the regions lies between the two addresses. Raises `OutOfReachError`."""
    row, known = inputs.row("apart:any", given)
    counts, begins, length = _interval(made, row.of(made.total.regions.name), given)
    inside = conj(
        n.compare(p.Rel.LE, _address(made.low, given), begins),
        n.compare(p.Rel.LE, n.add(begins, length), _address(made.high, given)),
    )
    none = n.compare(p.Rel.LE, length, n.const(0))
    what = f"what line {made.total.span.line} adds up lies from {_said(made.low)} to {_said(made.high)}"
    return TotalsStatement(what, (*given.facts, *known, counts), disj(none, inside))


def most(total: p.TotalAtMost, given: Inputs) -> Num:
    """Return the bound on a total, of those that hold of every part of a map (`inputs.totals`)."""
    place = next((each for each in given.place_bounds if each.total is total), None)
    if place is None or total.bound < _UNKNOWN:
        return n.const(total.bound)
    return room(_address(place.low, given), _address(place.high, given))


def room(low: Num, high: Num) -> Num:
    """Return how much lies between two addresses: nothing, where the second one is below the first."""
    bound = select(n.compare(p.Rel.LE, low, high), n.subtract(high, low), n.const(0))
    assert isinstance(bound, Num)
    return bound


def _address(end: p.Const | p.Var, given: Inputs) -> Num:
    value = encode(end, Environment(given.scalars, exact=True))
    assert isinstance(value, Num)
    return value


def _said(end: p.Const | p.Var) -> str:
    return f"{end.value:#x}" if isinstance(end, p.Const) else f"`{end.name}`"


def _interval(made: PlaceBound, region: Region, given: Inputs) -> tuple[Term, Num, Num]:
    """Return whether a region counts, where it begins, and how long it is."""
    env = Environment(given.scalars, {made.total.variable: region}, exact=True)
    begins, length = region[made.field], encode(made.total.amount, env)
    assert isinstance(begins, Num) and isinstance(length, Num)
    return conj(region[PRESENT], encode(made.total.where, env)), begins, length


def _are_told_apart(name: str, given: Inputs) -> bool:
    """Tell whether something is assumed of any two regions of a map."""
    formulas = (each.formula for each in given.assumptions)
    return any(isinstance(each, p.ForAll) and each.bound == 2 and each.lists == (name,) for each in formulas)


def _bounded(tally: Tally, given: Inputs, effort: Effort) -> Iterator[PlaceBound]:
    """The least bound on a tally that follows, by the first field that does it; or one by given addresses."""
    every = p.Regions(tally.map, REGION, p.Const(BOOL, 1))
    total = p.TotalAtMost(every, REGION, tally.where, tally.amount, 0, tally.span)
    if not inputs.of_parts(total):
        return
    fields = [name for name, kind in given.record.inputs if isinstance(kind, Integer) and kind.is_address]
    for ends in (sorted(_addresses(given), key=lambda each: each.value)[:_CONSTANTS], _given_addresses(given)):
        for field in fields if _is_worth_asking(ends) else ():
            made = PlaceBound(field, _NOWHERE, _NOWHERE, total)
            high = next((each for each in ends if _follows(one_between, replace(made, high=each), given, effort)), None)
            if high is None or not _follows(two_apart, made, given, effort):
                continue
            made = replace(made, high=high)
            lows = (each for each in reversed(ends) if each != high and not _is_above(each, high))
            low = next((each for each in lows if _follows(one_between, replace(made, low=each), given, effort)), None)
            made = made if low is None else replace(made, low=low)
            bound = _between(made)
            if bound is None or bound < _MOST:
                yield replace(made, total=replace(total, bound=_UNKNOWN if bound is None else bound))
                return


def _is_worth_asking(ends: Sequence[p.Const | p.Var]) -> bool:
    """Tell whether less than half the address space lies between some of these addresses, or 0."""
    values = [0, *(each.value for each in ends if isinstance(each, p.Const))]
    near = any(high - low < _MOST for low, high in pairwise(sorted(values)))
    return near or len(values) <= len(ends)


def _between(made: PlaceBound) -> int | None:
    """The bytes between the two addresses, which are never less than none; None where these are given."""
    if isinstance(made.low, p.Const) and isinstance(made.high, p.Const):
        return max(0, made.high.value - made.low.value)
    return None


def _is_above(one: p.Const | p.Var, other: p.Const | p.Var) -> bool:
    """Tell whether one address is above another one, of constants."""
    return isinstance(one, p.Const) and isinstance(other, p.Const) and one.value > other.value


def _given_addresses(given: Inputs) -> list[p.Const | p.Var]:
    """The addresses that a scenario is given."""
    kinds = ((each.name, each.type) for each in given.scenario.scalars)
    return [p.Var(kind, name) for name, kind in kinds if isinstance(kind, Integer) and kind.is_address]


def _addresses(given: Inputs) -> set[p.Const]:
    """The constants that assumptions speak of, as far as they measure addresses or bytes."""
    nodes = expressions(tuple(each.formula for each in given.assumptions))
    return {
        node
        for node in nodes
        if isinstance(node, p.Const)
        and isinstance(node.type, Integer)
        and node.type.quantity in (Quantity.PHYSICAL, Quantity.VIRTUAL)
    }


def _follows(
    of: Callable[[PlaceBound, Inputs], TotalsStatement], made: PlaceBound, given: Inputs, effort: Effort
) -> bool:
    try:
        owed = of(made, given)
    except OutOfReachError:
        return False
    return implied(effort, owed.premises, owed.conclusion) is Answer.UNSAT
