"""Constant folding: expressions whose operands are all constants become constants while they are built."""

from __future__ import annotations

from typing import assert_never

from checker import program as p
from checker.base.codes import LayoutCode
from checker.base.diagnostic import Span, reject
from checker.program.types import BOOL, Type, width


def exact(op: p.Op, left: int, right: int) -> int:
    """The operator over the mathematical integers; the caller has ruled out division by zero."""
    match op:
        case p.Op.ADD:
            return left + right
        case p.Op.SUB:
            return left - right
        case p.Op.MUL:
            return left * right
        case p.Op.DIV:
            return left // right
        case p.Op.MOD:
            return left % right
        case p.Op.SHL:
            return left << right
        case p.Op.SHR:
            return left >> right
        case p.Op.AND:
            return left & right
        case p.Op.OR:
            return left | right
        case p.Op.XOR:
            return left ^ right
        case _:
            assert_never(op)


def arith(kind: Type, op: p.Op, left: p.Expr, right: p.Expr, wraps: bool, span: Span) -> p.Expr:
    """``left op right``, folded where possible. Raises `Rejected` where a folded result that must fit does not."""
    if isinstance(left, p.Const) and isinstance(right, p.Const):
        value = exact(op, left.value, right.value)
        limit = 1 << width(kind)
        if wraps:
            return p.Const(kind, value % limit)
        if not 0 <= value < limit:
            raise reject(
                LayoutCode.NEVER_FITS,
                f"the result {value:#x} does not fit in {width(kind)} bits",
                span,
                f"write `{op}%` where wrapping is meant" if op in p.GROWING else "use smaller numbers",
            )
        return p.Const(kind, value)
    return p.Arith(kind, op, left, right, wraps, span)


def compare(rel: p.Rel, left: p.Expr, right: p.Expr) -> p.Expr:
    """``left rel right``, folded where possible."""
    if isinstance(left, p.Const) and isinstance(right, p.Const):
        holds = {
            p.Rel.EQ: left.value == right.value,
            p.Rel.NE: left.value != right.value,
            p.Rel.LE: left.value <= right.value,
            p.Rel.LT: left.value < right.value,
        }[rel]
        return p.Const(BOOL, int(holds))
    return p.Compare(rel, left, right, BOOL)


def align_down(kind: Type, operand: p.Expr, alignment: int) -> p.Expr:
    """``operand`` lowered to a multiple of ``alignment``, folded where possible."""
    if isinstance(operand, p.Const):
        return p.Const(kind, operand.value - operand.value % alignment)
    return p.AlignDown(kind, operand, alignment)


TRUE = p.Const(BOOL, 1)
FALSE = p.Const(BOOL, 0)


def conjunction(left: p.Expr, right: p.Expr) -> p.Expr:
    """``left and right``, without constants that change nothing."""
    if left == TRUE:
        return right
    if right == TRUE:
        return left
    if left == FALSE:
        return FALSE
    return p.Logic(p.Junction.AND, left, right, BOOL)


def disjunction(left: p.Expr, right: p.Expr) -> p.Expr:
    """``left or right``, without constants that change nothing."""
    if left == FALSE:
        return right
    if right == FALSE:
        return left
    if left == TRUE:
        return TRUE
    return p.Logic(p.Junction.OR, left, right, BOOL)


def negation(operand: p.Expr) -> p.Expr:
    """``not operand``, folded where possible."""
    return p.Const(BOOL, 1 - operand.value) if isinstance(operand, p.Const) else p.Not(operand, BOOL)


def logic(junction: p.Junction, left: p.Expr, right: p.Expr) -> p.Expr:
    """``left junction right``, folded where possible."""
    if junction is p.Junction.AND:
        return conjunction(left, right)
    if junction is p.Junction.OR:
        return disjunction(left, right)
    if isinstance(left, p.Const):
        return right if left.value else TRUE
    return p.Logic(junction, left, right, BOOL)


def choice(condition: p.Expr, then: p.Expr, otherwise: p.Expr) -> p.Expr:
    """``if condition then then else otherwise``, folded where possible."""
    if isinstance(condition, p.Const):
        return then if condition.value else otherwise
    return p.IfElse(then.type, condition, then, otherwise)
