"""The value of an expression, in plain integers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from checker import program as p
from checker.base.diagnostic import Span
from checker.program.fold import exact as over_integers
from checker.program.types import width

Values = Mapping[str, int]


@dataclass(frozen=True)
class Wrapped:
    """A checked operator whose result did not fit: where, and the exact result."""

    span: Span
    exact: int


@dataclass
class Environment:
    """All that an expression can see: scalars by name, and the regions bound to variables.

    In ``exact`` mode (formulas) unmarked arithmetic is over the integers; otherwise (algorithms) every result is cut to
    its width, and each checked operator that loses something by that is reported to ``on_wrap``.
    """

    scalars: Mapping[str, int]
    regions: Mapping[str, Values] = field(default_factory=dict)
    exact: bool = False
    on_wrap: Callable[[Wrapped], None] = lambda _: None


def evaluate(expr: p.Expr, env: Environment) -> int:
    """The value of ``expr``; booleans are 0 and 1. `and`, `or`, `=>` and `if` evaluate only what decides them."""
    match expr:
        case p.Const(value=value):
            return value
        case p.Var(name=name):
            return env.scalars[name]
        case p.Field(region=region, name=name):
            return env.regions[region][name]
        case p.Arith():
            exact = over_integers(expr.op, evaluate(expr.left, env), evaluate(expr.right, env))
            return _cut(exact, expr, env) if expr.op in p.GROWING else exact
        case p.AlignDown(operand=operand, alignment=alignment):
            value = evaluate(operand, env)
            return value - value % alignment
        case p.Complement(type=kind, operand=operand):
            return ~evaluate(operand, env) % (1 << width(kind))
        case p.Convert(operand=operand):
            return _cut(evaluate(operand, env), expr, env)
        case p.Compare(rel=rel, left=left, right=right):
            return int(_compare(rel, evaluate(left, env), evaluate(right, env)))
        case p.Logic(junction=junction, left=left, right=right):
            first = bool(evaluate(left, env))
            if junction is p.Junction.AND:
                return int(first and bool(evaluate(right, env)))
            if junction is p.Junction.OR:
                return int(first or bool(evaluate(right, env)))
            return int(not first or bool(evaluate(right, env)))
        case p.Not(operand=operand):
            return 1 - evaluate(operand, env)
        case p.IfElse(condition=condition, then=then, otherwise=otherwise):
            return evaluate(then if evaluate(condition, env) else otherwise, env)
        case _:
            assert_never(expr)


def _cut(exact: int, expr: p.Arith | p.Convert, env: Environment) -> int:
    """The machine's result of an operator whose result over the integers is ``exact``."""
    cut = exact % (1 << width(expr.type))
    if expr.wraps:
        return cut
    if env.exact:
        return exact
    if cut != exact:
        env.on_wrap(Wrapped(expr.span, exact))
    return cut


def _compare(rel: p.Rel, left: int, right: int) -> bool:
    match rel:
        case p.Rel.EQ:
            return left == right
        case p.Rel.NE:
            return left != right
        case p.Rel.LE:
            return left <= right
        case p.Rel.LT:
            return left < right
        case _:
            assert_never(rel)
