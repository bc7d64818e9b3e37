"""The part of a total of the map that one element of a list has, if the list was split.

For an assumption ``total(a) <= B`` about the map, with ``a`` a sum of lengths, each times a constant, and of constants,
an element's share is the same sum with its own length, and with the constants divided by the most pieces that a region
may be in, rounded down. *Sound*, because the shares of all elements of one region come to no more than its amount. Of
the constants that is plain, as there are no more elements. Of the lengths it is what `split` says: pieces lie in their
region one after the other, none is longer than the whole units between its start and the next one's, and they reach no
further than the region's length in bytes modulo 2^64, which is at most that length. That needs that nothing else has
given a region another length, and that what travels in a hand-over becomes no larger by being cut off.

So the shares of different elements, those of one pass say, which has one turn for each, come to at most ``B``. Whether
a region counts at all is asked of the region of the map, for all its elements alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from checker import program as p
from checker.program import walk
from checker.prove.pieces.elements import AtOnce, Forgotten, Recipe, most_pieces
from checker.prove.system.inputs import PRESENT, Inputs, Row
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import Environment, Value, conj, encode, select
from checker.prove.terms.numbers import Num


def length_of(recipe: Recipe) -> str | None:
    """The field that counts how long regions are, if nothing but splits has changed it."""
    done = [stage.statement for stage in recipe if isinstance(stage, AtOnce)]
    split = next((each for each in walk.statements(tuple(done)) if isinstance(each, p.Split)), None)
    if split is None:
        return None
    length = split.extent.length
    written = {each.field for each in walk.statements(tuple(done)) if isinstance(each, p.SetField)}
    forgotten = (stage.fields for stage in recipe if isinstance(stage, Forgotten))
    return None if length in written.union(*forgotten) else length


def share(amount: p.Expr, length: str, most: int) -> p.Expr | None:
    """The share of an element in an amount; None where there is no such thing."""
    match amount:
        case p.Const(value=value):
            return replace(amount, value=value // most)
        case p.Field(name=name):
            return amount if name == length else None
        case p.Arith(op=p.Op.MUL, wraps=False, left=p.Field(name=name), right=p.Const()) if name == length:
            return amount
        case p.Arith(op=p.Op.MUL, wraps=False, left=p.Const(), right=p.Field(name=name)) if name == length:
            return amount
        case p.Arith(op=p.Op.ADD, wraps=False, left=left, right=right):
            first, second = share(left, length, most), share(right, length, most)
            return None if first is None or second is None else replace(amount, left=first, right=second)
        case _:
            return None


def has_share(total: p.TotalAtMost, recipe: Recipe, written: frozenset[str]) -> bool:
    """Tell whether elements have shares in a total, also while a pass is made that writes some fields."""
    length = length_of(recipe)
    return length is not None and length not in written and share(total.amount, length, most_pieces(recipe)) is not None


def share_of(total: p.TotalAtMost, recipe: Recipe, row: Row, element: Mapping[str, Value], given: Inputs) -> Num:
    """The share of an element, which comes from the row and is as a list has it."""
    length = length_of(recipe)
    assert length is not None
    amount = share(total.amount, length, most_pieces(recipe))
    assert amount is not None
    region = row.of(total.regions.name)
    counts = encode(total.where, Environment(given.scalars, {total.variable: region}, exact=True))
    own = {**region, length: element[length]}
    value = encode(amount, Environment(given.scalars, {total.variable: own}, exact=True))
    chosen = select(conj(region[PRESENT], element[PRESENT], counts), value, n.const(0))
    assert isinstance(chosen, Num)
    return chosen
