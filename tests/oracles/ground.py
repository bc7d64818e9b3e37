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


def _constant(context: Any, term: Any, *, truth: bool) -> int:
    """The value of a term that is constant, as z3's library knows it."""
    if not truth:
        return int(z3.Z3_get_numeral_string(context, term))
    value = z3.Z3_get_bool_value(context, term)
    assert value in (z3.Z3_L_TRUE, z3.Z3_L_FALSE), "not constant"
    return int(value == z3.Z3_L_TRUE)


class Bundle:
    """Many terms, evaluated in one go: each call of z3 costs more than what it does."""

    def __init__(self, values: Sequence[Value]) -> None:
        self.terms = values
        self._scales = [v.scale if isinstance(v, Num) and v.constant is None else 1 for v in values]
        terms = [v.at(v.scale) if isinstance(v, Num) else v for v in values]
        self._bools = [z3.is_bool(term) for term in terms]
        self._terms = None
        if terms:
            function = z3.Function("bundle", *(term.sort() for term in terms), z3.BoolSort())
            self._terms = function(*terms)

    def at(self, pairs: Iterable[tuple[Any, Any]]) -> list[int]:
        """The values of the terms, with variables replaced by constants."""
        if self._terms is None:
            return []
        ground = z3.simplify(z3.substitute(self._terms, *pairs))
        assert ground.num_args() == len(self._scales)
        # Past the classes of z3's module: to make an object of every value costs more than all else here.
        context, whole = ground.ctx.ref(), z3.Z3_to_app(ground.ctx.ref(), ground.as_ast())
        parts = [z3.Z3_get_app_arg(context, whole, index) for index in range(len(self._scales))]
        return [
            _constant(context, part, truth=truth) * scale
            for part, truth, scale in zip(parts, self._bools, self._scales, strict=True)
        ]

    def all_true(self, pairs: Iterable[tuple[Any, Any]]) -> bool:
        """Whether all of the terms, which are conditions, hold."""
        if self._terms is None:
            return True
        return bool(z3.is_true(z3.simplify(z3.substitute(z3.And(*self._terms.children()), *pairs))))
