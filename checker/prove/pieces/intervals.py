"""Bounds on totals that nobody assumed: of regions that lie apart, and all between two addresses.

Let the regions of a map for which ``w`` holds have a length ``a`` and begin at a field ``f``. If the intervals from
``f`` to ``f + a`` of any two of them have nothing in common, and all lie between ``low`` and ``high``, their lengths
come to no more than ``high - low``: each is a set of so many whole numbers, the sets are disjoint, and all are parts of
one that has ``high - low``. Where a length is 0 there is nothing to lie apart.

Both conditions are statements, of two regions of which one stands before the other, and of one: with all that is
assumed of these. They are decided by Z3, and become part of each proof, whether it needs them or not: another solver
and `recheck` are asked them too.

Which lengths are looked at bears on what can be proved alone: those that runs add up in their passes. ``low`` and
``high`` are 0 and the constants that assumptions speak of. A bound of half the address space or more is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from checker import program as p
from checker.program.types import BOOL, Integer, Quantity
from checker.program.walk import expressions
from checker.prove.pieces.lasting import TotalsStatement
from checker.prove.pieces.tallies import REGION, Tally, added
from checker.prove.system import inputs
from checker.prove.system.inputs import PRESENT, Inputs, PlaceBound
from checker.prove.terms import numbers as n
from checker.prove.terms.effort import Effort
from checker.prove.terms.encode import Environment, Region, conj, disj, encode
from checker.prove.terms.numbers import Num, OutOfReachError, Term
from checker.prove.terms.solver import Answer, implied

_MOST = 1 << 63
_CONSTANTS = 8
"""The constants, at most, that are tried as a bound of the addresses."""


def apart(given: Inputs, effort: Effort) -> Inputs:
    """The inputs with the bounds on totals that follow from where regions lie."""
    found = []
    for tally in dict.fromkeys(added(given.scenario)):
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
        n.compare(p.Rel.LE, n.const(made.low), begins),
        n.compare(p.Rel.LE, n.add(begins, length), n.const(made.high)),
    )
    none = n.compare(p.Rel.LE, length, n.const(0))
    what = f"what line {made.total.span.line} adds up lies from {made.low:#x} to {made.high:#x}"
    return TotalsStatement(what, (*given.facts, *known, counts), disj(none, inside))


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
    """The least bound on a tally that follows, by the first field that does it."""
    every = p.Regions(tally.map, REGION, p.Const(BOOL, 1))
    total = p.TotalAtMost(every, REGION, tally.where, tally.amount, 0, tally.span)
    if not inputs.of_parts(total):
        return
    ends = sorted(_addresses(given))[:_CONSTANTS]
    for field, kind in given.record.inputs:
        if not isinstance(kind, Integer) or not kind.is_address:
            continue
        made = PlaceBound(field, 0, 0, total)
        high = next((each for each in ends if _follows(one_between, replace(made, high=each), given, effort)), None)
        if high is None or not _follows(two_apart, made, given, effort):
            continue
        lows = (each for each in reversed(ends) if each < high)
        made = replace(made, high=high)
        low = next((each for each in lows if _follows(one_between, replace(made, low=each), given, effort)), 0)
        if high - low < _MOST:
            yield replace(made, low=low, total=replace(total, bound=high - low))
            return


def _addresses(given: Inputs) -> set[int]:
    """The constants that assumptions speak of, as far as they measure addresses or bytes."""
    nodes = expressions(tuple(each.formula for each in given.assumptions))
    return {
        node.value
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
