"""Algorithms that choose, with what they choose given along with the map.

*Sound*: what a `choose` between constants takes for a region may be any of these values, whatever the others are, and
is taken once at most. So an algorithm has the layouts that it makes if each region has the value written on it, for all
such values; and two that make one layout of every map with values written on it have the same layouts. So have two of
which one makes the layout with the values of some choices turned, the lowest for the highest, since each value is
turned into one that can be chosen, and none twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from checker import program as p
from checker.base.diagnostic import NOWHERE
from checker.program.fold import TRUE, conjunction, negation
from checker.program.node import Node
from checker.program.slice import always_runs
from checker.program.types import BOOL, width
from checker.program.walk import passes, statements

_Change = Callable[[Node], Node]


def chooses(algorithm: p.Algorithm) -> bool:
    """Tell whether an algorithm chooses."""
    return any(each.effects.chooses for each in statements(algorithm.body))


def can_be_given(algorithm: p.Algorithm) -> bool:
    """Tell whether all that an algorithm chooses is between constants, for a region."""
    inside = [each for part in passes(algorithm.body) for each in statements(part.body) if each.effects.chooses]
    everywhere = [each for each in statements(algorithm.body) if each.effects.chooses]
    return always_runs(algorithm) and len(inside) == len(everywhere)


def given(algorithm: p.Algorithm, record: p.Record, turned: Collection[str] = ()) -> p.Algorithm:
    """The algorithm on a list whose regions have ``record``, which says what is chosen for each; for the choices that
    are ``turned``, the lowest value stands for the highest, and so on."""

    chosen = {each.name: each for each in _choices(algorithm)}

    def inside(variable: str) -> _Change:
        def change(node: Node) -> Node:
            if isinstance(node, p.Choose | p.Var) and node.name in chosen:
                value: p.Expr = p.Field(node.type, variable, _field(chosen[node.name]))
                if node.name in turned:
                    value = _turned(chosen[node.name], value)
                return value if isinstance(node, p.Var) else p.Declare(node.name, node.type, value, span=node.span)
            return node.with_children(change)

        return change

    def outside(node: Node) -> Node:
        if isinstance(node, p.Pass):
            return node.with_children(inside(node.variable))
        return node.with_children(outside)

    return replace(algorithm.with_children(outside), record=record)


def _turned(choice: p.Choose, value: p.Expr) -> p.Expr:
    """The value as far below the highest one that can be chosen as another is above the lowest."""
    if choice.type == BOOL:
        return negation(value)
    assert isinstance(choice.low, p.Const)
    assert isinstance(choice.high, p.Const)
    step = choice.alignment
    ends = -(-choice.low.value // step) * step + (choice.high.value - 1) // step * step
    both = p.Const(choice.type, ends % (1 << width(choice.type)))
    return p.Arith(choice.type, p.Op.SUB, both, value, True, NOWHERE)


def ways_to_turn(algorithm: p.Algorithm) -> tuple[frozenset[str], ...]:
    """Return choices to be turned together: each alone, then all."""
    names = tuple(dict.fromkeys(each.name for each in _choices(algorithm)))
    return tuple(dict.fromkeys((*(frozenset((name,)) for name in names), frozenset(names))))


def record_of(algorithm: p.Algorithm) -> p.Record:
    """The record of an algorithm with a field for each value that is chosen."""
    record = algorithm.record
    return replace(record, fields=(*record.fields, *((_field(each), each.type) for each in _choices(algorithm))))


def legal(algorithm: p.Algorithm, name: str) -> p.Formulas:
    """The assumption that what the regions of a map say of choices are values to choose from."""
    return tuple(p.Conjunct("legal_choice", None, _legal(each, name)) for each in _choices(algorithm))


def _legal(choice: p.Choose, name: str) -> p.Formula:
    value = p.Field(choice.type, "r", _field(choice))
    binder = p.Binder("r", p.Regions(name, "", TRUE))
    if choice.type == BOOL:
        return p.ForAll((binder,), p.Relation.ANY, TRUE, TRUE, None, NOWHERE)
    remainder = p.Arith(choice.type, p.Op.MOD, value, p.Const(choice.type, choice.alignment), True, NOWHERE)
    aligned = p.Compare(p.Rel.EQ, remainder, p.Const(choice.type, 0), BOOL)
    within = p.Compare(p.Rel.LE, choice.low, value, BOOL), p.Compare(p.Rel.LT, value, choice.high, BOOL)
    body = conjunction(conjunction(*within), aligned if choice.alignment > 1 else TRUE)
    return p.ForAll((binder,), p.Relation.ANY, TRUE, body, None, NOWHERE)


def _choices(algorithm: p.Algorithm) -> Iterator[p.Choose]:
    return (each for each in statements(algorithm.body) if isinstance(each, p.Choose))


def _field(choice: p.Choose) -> str:
    return f"chosen_{choice.name}"
