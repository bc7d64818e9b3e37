"""Operators in expressions: what their operands must be, and which type a bare number beside them gets."""

from __future__ import annotations

from functools import reduce
from typing import Protocol

from checker import program as p
from checker.base.codes import LayoutCode
from checker.base.diagnostic import reject
from checker.language.elaborate.literals import is_literal, value_of
from checker.language.elaborate.operators import (
    BITWISE,
    BY_CONSTANT,
    SHIFTS,
    describe,
    mismatch,
    operand_type,
    result_type,
    step_type,
)
from checker.language.elaborate.scope import Scope
from checker.language.elaborate.spending import Spending
from checker.language.syntax import tree as s
from checker.program import fold
from checker.program import types as t

_RELATIONS = {"==": p.Rel.EQ, "!=": p.Rel.NE, "<=": p.Rel.LE, "<": p.Rel.LT}
_MIRRORED = {">=": "<=", ">": "<"}


class Operands(Protocol):
    """Types the operands of an operator; each method raises `Rejected`."""

    budget: Spending

    def expression(self, node: s.Expr, scope: Scope, expected: t.Type | None = None) -> p.Expr:
        """The typed expression."""

    def boolean(self, node: s.Expr, scope: Scope) -> p.Expr:
        """The typed condition."""

    def constant(self, node: s.Expr, scope: Scope, expected: t.Type | None) -> p.Const:
        """The value of an expression that has to be constant."""

    def known(self, value: p.Expr) -> p.Const | None:
        """The value of a typed expression, if it is constant."""

    def may_be_known(self, value: p.Expr) -> bool:
        """Tell whether an expression is constant, or will be where a stand-in gets its value."""

    def type(self, node: s.TypeName, scope: Scope) -> t.Type:
        """The type that a name stands for."""


def pair(elaborator: Operands, left: s.Expr, right: s.Expr, scope: Scope) -> tuple[p.Expr, p.Expr]:
    """Two operands of one type, either of which may give the other its type. Raises `Rejected`."""
    member = isinstance(left, s.Name) and scope.find(left.name) is None
    if not is_literal(right) and (is_literal(left) or (member and not isinstance(right, s.Name))):
        typed_right = elaborator.expression(right, scope)
        return elaborator.expression(left, scope, typed_right.type), typed_right
    typed_left = elaborator.expression(left, scope)
    gives = is_literal(right) or isinstance(typed_left.type, t.Enumeration | t.Flags)
    return typed_left, elaborator.expression(right, scope, typed_left.type if gives else None)


def binary(elaborator: Operands, node: s.Binary, scope: Scope, expected: t.Type | None) -> p.Expr:
    """``left operator right``. Raises `Rejected`."""
    match node.operator:
        case "and" | "or" | "=>":
            junction = p.Junction(node.operator)
            return fold.logic(junction, elaborator.boolean(node.left, scope), elaborator.boolean(node.right, scope))
        case "==" | "!=" | "<=" | "<" | ">=" | ">":
            return _compare(elaborator, node, scope)
        case "has":
            return _has(elaborator, node, scope)
        case "aligned":
            value = elaborator.expression(node.left, scope)
            step = step_type(value.type)
            by = p.Const(step, divisor(elaborator, node.right, scope, value, node.left))
            remainder = fold.arith(step, p.Op.MOD, value, by, True, node.span)
            return fold.compare(p.Rel.EQ, remainder, p.Const(step, 0))
        case _:
            return _arithmetic(elaborator, node, scope, expected)


def member_of(elaborator: Operands, node: s.MemberOf, scope: Scope) -> p.Expr:
    """``operand in {a, b}``. Raises `Rejected`."""
    operand = elaborator.expression(node.operand, scope)
    members = [elaborator.expression(member, scope, operand.type) for member in node.members]
    for member in node.members[1:]:
        elaborator.budget.reuse(operand, member.span)
    return reduce(fold.disjunction, (fold.compare(p.Rel.EQ, operand, member) for member in members))


def cast(elaborator: Operands, node: s.Cast, scope: Scope) -> p.Expr:
    """``operand as type``. Raises `Rejected`."""
    target = elaborator.type(node.target, scope)
    operand = elaborator.expression(node.operand, scope)
    if isinstance(target, t.Boolean) or isinstance(operand.type, t.Boolean):
        remedy = "write `x != 0`, or `if c then 1 else 0`"
        raise reject(LayoutCode.WRONG_OPERAND, "a bool is no number", node.span, remedy)
    if isinstance(target, t.Flags) is not isinstance(operand.type, t.Flags):
        known = elaborator.known(operand)
        if known is None:
            remedy = "ask for flags with `has`, or declare the number as flags"
            message = f"{describe(operand.type)} as {describe(target)}: only constants are numbers and flags at once"
            raise reject(LayoutCode.NOT_LINEAR, message, node.span, remedy)
        operand = known
    if not isinstance(operand, p.Const):
        return p.Convert(target, operand, node.wraps, node.span)
    if operand.value >= 1 << t.width(target) and not node.wraps:
        message = f"{operand.value:#x} does not fit in {t.width(target)} bits"
        raise reject(LayoutCode.NEVER_FITS, message, node.span, "write `as%` where cutting it off is meant")
    return p.Const(target, operand.value % (1 << t.width(target)))


def complement(elaborator: Operands, node: s.Unary, scope: Scope, expected: t.Type | None) -> p.Expr:
    """``~operand``. Raises `Rejected`."""
    operand = elaborator.expression(node.operand, scope, expected)
    if not isinstance(operand.type, t.Integer | t.Flags):
        message = f"`~` turns over the bits of numbers and flags, this is {describe(operand.type)}"
        raise reject(LayoutCode.WRONG_OPERAND, message, node.operand.span, "write `not` before a condition")
    if isinstance(operand, p.Const):
        return p.Const(operand.type, ~operand.value % (1 << t.width(operand.type)))
    return p.Complement(operand.type, operand)


def divisor(elaborator: Operands, node: s.Expr, scope: Scope, dividend: p.Expr, dividend_node: s.Expr) -> int:
    """A constant alignment, not zero, of a type that goes with what is aligned. Raises `Rejected`."""
    if not isinstance(dividend.type, t.Integer):
        message = f"only numbers can be aligned, this is {describe(dividend.type)}"
        raise reject(LayoutCode.WRONG_OPERAND, message, dividend_node.span, "align an address, a size or a number")
    by = elaborator.constant(node, scope, step_type(dividend.type) if is_literal(node) else None)
    if result_type(p.Op.MOD, dividend.type, by.type) is None:
        raise mismatch("aligned", dividend.type, by.type, node.span)
    if by.value == 0:
        raise reject(LayoutCode.DIVISION_BY_ZERO, "alignment to zero", node.span, "use an alignment above 0")
    return by.value


def _compare(elaborator: Operands, node: s.Binary, scope: Scope) -> p.Expr:
    left, right = pair(elaborator, node.left, node.right, scope)
    if left.type != right.type:
        raise mismatch(node.operator, left.type, right.type, node.span)
    if node.operator not in ("==", "!=") and not isinstance(left.type, t.Integer):
        message = f"{describe(left.type)} has no order"
        raise reject(LayoutCode.WRONG_OPERAND, message, node.span, "compare with == or !=")
    if node.operator in _MIRRORED:
        return fold.compare(_RELATIONS[_MIRRORED[node.operator]], right, left)
    return fold.compare(_RELATIONS[node.operator], left, right)


def _has(elaborator: Operands, node: s.Binary, scope: Scope) -> p.Expr:
    word = elaborator.expression(node.left, scope)
    if not isinstance(word.type, t.Flags):
        message = f"`has` asks for flags, this is {describe(word.type)}"
        raise reject(LayoutCode.WRONG_OPERAND, message, node.left.span, "compare with `==`, or ask a field of flags")
    mask = elaborator.constant(node.right, scope, word.type)
    return fold.compare(p.Rel.EQ, fold.arith(word.type, p.Op.AND, word, mask, True, node.span), mask)


def _arithmetic(elaborator: Operands, node: s.Binary, scope: Scope, expected: t.Type | None) -> p.Expr:
    wraps = node.operator.endswith("%") and node.operator != "%"
    op = p.Op(node.operator[:-1] if wraps else node.operator)
    left, right = _operands(elaborator, op, node, scope, expected)
    result = result_type(op, left.type, right.type)
    if result is None:
        raise mismatch(node.operator, left.type, right.type, node.span)
    _check_operands(elaborator, op, left, right, result, node)
    return fold.arith(result, op, left, right, wraps or op not in p.GROWING, node.span)


def _operands(
    elaborator: Operands, op: p.Op, node: s.Binary, scope: Scope, expected: t.Type | None
) -> tuple[p.Expr, p.Expr]:
    if is_literal(node.left) and is_literal(node.right):
        hint = expected if isinstance(expected, t.Integer) else None
        if op is p.Op.MUL and isinstance(node.right, s.Integer) and value_of(node.right)[1]:
            return elaborator.expression(node.left, scope), elaborator.expression(node.right, scope)
        left = elaborator.expression(node.left, scope, hint)
        return left, elaborator.expression(node.right, scope, operand_type(op, left.type))
    if is_literal(node.left):
        right = elaborator.expression(node.right, scope)
        return elaborator.expression(node.left, scope, operand_type(op, right.type)), right
    flags = expected if isinstance(expected, t.Flags) else None
    left = elaborator.expression(node.left, scope, flags)
    if isinstance(left.type, t.Flags):
        return left, elaborator.expression(node.right, scope, left.type)
    beside = operand_type(op, left.type) if is_literal(node.right) else None
    return left, elaborator.expression(node.right, scope, beside)


def _check_operands(
    elaborator: Operands, op: p.Op, left: p.Expr, right: p.Expr, result: t.Type, node: s.Binary
) -> None:
    one_known = op is p.Op.MUL or (op in BITWISE and isinstance(result, t.Integer))
    if one_known and not any(isinstance(each, p.Const) for each in (left, right)):
        sides = [each for each in (left, right) if elaborator.may_be_known(each)]
        if not sides:
            product = op is p.Op.MUL
            message = "a product of two variables" if product else f"`{op}` of two numbers that are no constants"
            remedy = (
                "one factor must be a constant" if product else "make one side a constant, or declare both as flags"
            )
            raise reject(LayoutCode.NOT_LINEAR, message, node.span, remedy)
        if len(sides) == 1:
            elaborator.known(sides[0])
    if op not in BY_CONSTANT:
        return
    constant = elaborator.known(right)
    if constant is None:
        message = f"the right side of `{op}` must be a constant"
        raise reject(LayoutCode.NOT_CONSTANT, message, node.right.span, "use a number or a `const`")
    if op in (p.Op.DIV, p.Op.MOD) and constant.value == 0:
        raise reject(LayoutCode.DIVISION_BY_ZERO, "division by zero", node.right.span, "use a divisor above 0")
    if op in SHIFTS and constant.value >= t.width(result):
        message = f"a shift by {constant.value} of a value of {t.width(result)} bits"
        raise reject(LayoutCode.SHIFT_TOO_FAR, message, node.right.span, f"shift by at most {t.width(result) - 1}")
