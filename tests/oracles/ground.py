"""The value of terms where every variable has one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import z3

from checker.prove.terms.encode import Value
from checker.prove.terms.numbers import Num


def literal(like: Any, value: int) -> Any:
    """``value`` as a constant of the sort of the term ``like``."""
    if z3.is_bool(like):
        return z3.BoolVal(bool(value))
    return z3.BitVecVal(value, like.sort()) if z3.is_bv(like) else z3.IntVal(value)


def pair(variable: Value, value: int) -> tuple[Any, Any]:
    """A variable and the constant to put in its place."""
    if isinstance(variable, Num):
        assert value % variable.scale == 0, (variable, value)
        return variable.term, z3.IntVal(value // variable.scale)
    return variable, literal(variable, value)


def number(term: Any) -> int:
    """The value of a term that is constant."""
    if z3.is_bool(term):
        assert z3.is_true(term) or z3.is_false(term), term
        return int(z3.is_true(term))
    return int(term.as_long())


class Bundle:
    """Many terms, evaluated in one go: each call of z3 costs more than what it does."""

    def __init__(self, values: Sequence[Value]) -> None:
        self.terms = values
        self._scales = [v.scale if isinstance(v, Num) and v.constant is None else 1 for v in values]
        terms = [v.at(v.scale) if isinstance(v, Num) else v for v in values]
        self._terms = None
        if terms:
            function = z3.Function("bundle", *(term.sort() for term in terms), z3.BoolSort())
            self._terms = function(*terms)

    def at(self, pairs: Iterable[tuple[Any, Any]]) -> list[int]:
        """The values of the terms, with variables replaced by constants."""
        if self._terms is None:
            return []
        ground = z3.simplify(z3.substitute(self._terms, *pairs))
        return [number(term) * scale for term, scale in zip(ground.children(), self._scales, strict=True)]

    def all_true(self, pairs: Iterable[tuple[Any, Any]]) -> bool:
        """Whether all of the terms, which are conditions, hold."""
        if self._terms is None:
            return True
        return bool(z3.is_true(z3.simplify(z3.substitute(z3.And(*self._terms.children()), *pairs))))
