"""Parts of a typed program in words, near to how they are written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from checker import program as p
from checker.interpret import ShownValue

Words = tuple[str | ShownValue, ...]
"""A text with values in it, which a report shows as their types ask for."""


def words(expression: p.Expr) -> Words:
    """Return an expression as text."""
    return tuple(_words(expression, outermost=True))


def _words(expression: p.Expr, *, outermost: bool = False) -> Iterator[str | ShownValue]:
    match expression:
        case p.Const(type=kind, value=value):
            yield ShownValue(kind, value)
        case p.Var(name=name):
            yield str(name)
        case p.Field(region=region, name=name):
            yield f"{region}.{name}"
        case p.Arith(op=op, left=left, right=right, wraps=wraps):
            sign = f"{op}%" if wraps and op in p.GROWING else str(op)
            yield from _between(left, sign, right, outermost)
        case p.AlignDown(operand=operand, alignment=alignment):
            yield from ("align_down(", *words(operand), f", {alignment:#x})")
        case p.Complement(operand=operand):
            yield from ("~", *_words(operand))
        case p.Convert(operand=operand, type=kind, wraps=wraps):
            yield from (*_words(operand), f" as{'%' if wraps else ''} {kind.name}")
        case p.Compare(rel=rel, left=left, right=right):
            yield from _between(left, str(rel), right, outermost)
        case p.Logic(junction=junction, left=left, right=right):
            yield from _between(left, str(junction), right, outermost)
        case p.Not(operand=operand):
            yield from ("not ", *_words(operand))
        case p.IfElse(condition=condition, then=then, otherwise=otherwise):
            yield from ("if ", *words(condition), " then ", *_words(then), " else ", *_words(otherwise))
        case _:
            assert_never(expression)


def _between(left: p.Expr, sign: str, right: p.Expr, outermost: bool) -> Iterator[str | ShownValue]:
    opening, closing = ("", "") if outermost else ("(", ")")
    yield from (opening, *_words(left), f" {sign} ", *_words(right), closing)
