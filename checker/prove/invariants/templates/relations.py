"""The ways in which two values may stand to each other."""

from __future__ import annotations

from checker import program as p
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import Value
from checker.prove.terms.numbers import Num, Term


def orders(left: Value, right: Value) -> list[Term]:
    """That one is at most the other, where both are numbers."""
    return relations(left, right)[:2] if isinstance(left, Num) and isinstance(right, Num) else []


def relations(left: Num, right: Num) -> list[Term]:
    """That one is at most the other, or equal to it."""
    return [n.compare(p.Rel.LE, left, right), n.compare(p.Rel.LE, right, left), n.compare(p.Rel.EQ, left, right)]
