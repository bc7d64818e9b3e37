"""The value of an expression, in plain integers.

An expression is first made into a function of what it can see, and that is called for each region: a map has many
regions, and what an operator means is looked up only once.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import assert_never

from checker import program as p
from checker.base.diagnostic import Span
from checker.base.values import frozen
from checker.program.types import width

Values = Mapping[str, int]


@frozen
class Wrapped:
    """A checked operator whose result did not fit: where, and the exact result."""

    span: Span
    exact: int


@dataclass(slots=True)
class Environment:
    """All that an expression can see: scalars by name, and the regions bound to variables. ``on_wrap`` is told of each
    checked operator of an algorithm whose result did not fit."""

    scalars: Mapping[str, int]
    regions: Mapping[str, Values] = field(default_factory=dict)
    on_wrap: Callable[[Wrapped], None] = lambda _: None


Evaluator = Callable[[Environment], int]
"""Computes the value of one expression from what it can see; booleans are 0 and 1."""


def in_algorithm(expr: p.Expr) -> Evaluator:
    """The evaluator of an expression of an algorithm: every result is cut to its width, and each checked operator that
    loses something by that is reported."""
    return _evaluator(expr, exactly=False)


def in_formula(expr: p.Expr) -> Evaluator:
    """The evaluator of an expression of a formula: unmarked arithmetic is over the integers."""
    return _known(_Same(expr))


@dataclass(frozen=True, eq=False)
class _Same:
    """An expression, told from others by which object it is: to compare large ones takes longer than to read them."""

    expr: p.Expr

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.expr is self.expr

    def __hash__(self) -> int:
        return id(self.expr)


@lru_cache(maxsize=4096)
def _known(same: _Same) -> Evaluator:
    """The evaluator of an expression of a formula. Those of one scenario are asked for again for each of its maps."""
    return _evaluator(same.expr, exactly=True)


def _evaluator(expr: p.Expr, exactly: bool) -> Evaluator:
    """The evaluator of an expression. `and`, `or`, `=>` and `if` evaluate only what decides them."""

    def of(operand: p.Expr) -> Evaluator:
        return _evaluator(operand, exactly)

    match expr:
        case p.Const(value=value):
            return lambda env: value
        case p.Var(name=name):
            return lambda env: env.scalars[name]
        case p.Field(region=region, name=name):
            return lambda env: env.regions[region][name]
        case p.Arith(op=op):
            result = _both(_OPERATORS[op], of(expr.left), expr.right, exactly)
            return _cut(result, expr, exactly) if op in p.GROWING else result
        case p.AlignDown(operand=operand, alignment=alignment):
            aligned = of(operand)
            return lambda env: (value := aligned(env)) - value % alignment
        case p.Complement(type=kind, operand=operand):
            complemented, modulus = of(operand), 1 << width(kind)
            return lambda env: ~complemented(env) % modulus
        case p.Convert(operand=operand):
            return _cut(of(operand), expr, exactly)
        case p.Compare(rel=rel):
            return _both(_RELATIONS[rel], of(expr.left), expr.right, exactly)
        case p.Logic(junction=junction):
            return _logic(junction, of(expr.left), of(expr.right))
        case p.Not(operand=operand):
            negated = of(operand)
            return lambda env: 1 - negated(env)
        case p.IfElse():
            condition, then, otherwise = of(expr.condition), of(expr.then), of(expr.otherwise)
            return lambda env: then(env) if condition(env) else otherwise(env)
        case _:
            assert_never(expr)


_OPERATORS = {
    p.Op.ADD: operator.add,
    p.Op.SUB: operator.sub,
    p.Op.MUL: operator.mul,
    p.Op.DIV: operator.floordiv,
    p.Op.MOD: operator.mod,
    p.Op.SHL: operator.lshift,
    p.Op.SHR: operator.rshift,
    p.Op.AND: operator.and_,
    p.Op.OR: operator.or_,
    p.Op.XOR: operator.xor,
}
_RELATIONS = {p.Rel.EQ: operator.eq, p.Rel.NE: operator.ne, p.Rel.LE: operator.le, p.Rel.LT: operator.lt}


def _both(of_values: Callable[[int, int], int], left: Evaluator, right: p.Expr, exactly: bool) -> Evaluator:
    """An operator on integers, applied to two values. A constant on the right is the most frequent of all operands, and
    is not asked for its value again and again."""
    if isinstance(right, p.Const):
        constant = right.value
        return lambda env: of_values(left(env), constant)
    second = _evaluator(right, exactly)
    return lambda env: of_values(left(env), second(env))


def _logic(junction: p.Junction, left: Evaluator, right: Evaluator) -> Evaluator:
    match junction:
        case p.Junction.AND:
            return lambda env: left(env) and right(env)
        case p.Junction.OR:
            return lambda env: left(env) or right(env)
        case p.Junction.IMPLIES:
            return lambda env: right(env) if left(env) else 1
        case _:
            assert_never(junction)


def _cut(exact: Evaluator, expr: p.Arith | p.Convert, exactly: bool) -> Evaluator:
    """The machine's result of an operator whose result over the integers is ``exact``."""
    mask = (1 << width(expr.type)) - 1
    if expr.wraps:
        return lambda env: exact(env) & mask
    if exactly:
        return exact

    def checked(env: Environment) -> int:
        value = exact(env)
        if 0 <= value <= mask:
            return value
        env.on_wrap(Wrapped(expr.span, value))
        return value & mask

    return checked
