"""The pieces into which `split` cuts a region, as terms.

`checker.interpret.execute` says the same of given values. An address cuts where it is above the region's start, less
than the region's length above it, and not below the address before, if that has cut. Distances from the start are exact
integers here, so that nothing can wrap but the length in bytes, which does as there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checker import program as p
from checker.base.values import frozen
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import FALSE, Value, conj, disj, neg, select
from checker.prove.terms.numbers import Num, OutOfReachError, Term

MOST = 3
"""The most pieces that one statement makes of a region."""


@frozen
class Piece:
    """A piece of a region but for the first one: where there is one, and its fields."""

    there: Term
    fields: Mapping[str, Value]


@frozen
class Cut:
    """A region that is cut: whether it is at all, how long its first piece is, and the others."""

    any: Term
    length: Value
    others: tuple[Piece, ...]


def cut(extent: p.Extent, region: Mapping[str, Value], addresses: Sequence[Num]) -> Cut:
    """Cut a region at one or two addresses. Raises `OutOfReachError`."""
    if not 0 < len(addresses) < MOST:
        raise OutOfReachError(f"a region that is split at {len(addresses)} addresses")
    start, length, unit = region[extent.start], region[extent.length], extent.unit
    assert isinstance(start, Num)
    assert isinstance(length, Num)
    size = n.wrap(n.multiply(length, n.const(unit)), 64)
    distances = [n.subtract(address, start) for address in addresses]
    inside = [conj(n.compare(p.Rel.LT, n.const(0), each), n.compare(p.Rel.LT, each, size)) for each in distances]

    def whole(number: Num) -> Num:
        return n.quotient(number, unit)

    if len(addresses) == 1:
        (distance,), (address,), (made,) = distances, addresses, inside
        rest = _piece(extent, region, made, address, whole(n.subtract(size, distance)))
        return Cut(made, select(made, whole(distance), length), (rest,))
    (near, far), (low, high), (first, second) = distances, addresses, inside
    second = conj(second, disj(neg(first), n.compare(p.Rel.LE, near, far)))
    both, made = conj(first, second), disj(first, second)
    distance, begin = n.choose(first, near, far), n.choose(first, low, high)
    end = n.choose(both, far, size)
    middle = _piece(extent, region, made, begin, whole(n.subtract(end, distance)))
    last = _piece(extent, region, both, high, whole(n.subtract(size, far)))
    return Cut(made, select(made, whole(distance), length), (middle, last))


def _piece(extent: p.Extent, region: Mapping[str, Value], there: Term, start: Num, length: Num) -> Piece:
    """A copy of the region, but for its place. It is in no exported list: the first piece stands there."""
    return Piece(there, {**region, extent.start: start, extent.length: length, p.EXPORTED: FALSE})


def merged(condition: Term, new: Piece, old: Piece | None) -> Piece:
    """The piece that is made where a condition holds, beside the one that another statement of the turn makes."""
    there = conj(condition, new.there)
    if old is None:
        return Piece(there, new.fields)
    return Piece(
        disj(there, old.there), {name: select(there, value, old.fields[name]) for name, value in new.fields.items()}
    )
