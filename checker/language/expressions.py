"""Expressions: names to what they stand for, types, literals, macros expanded."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import reduce

from checker.diagnostic import Rejected, Span
from checker.language import constants as fold
from checker.language import program as p
from checker.language import syntax as s
from checker.language import types as t
from checker.language.codes import Code
from checker.language.scope import (
    KIND,
    MAX_EXPANSION,
    FunctionBinding,
    RecordBinding,
    RegionBinding,
    Scope,
    TypeBinding,
    ValueBinding,
    WindowBinding,
    reject,
    unknown,
)
from checker.language.types import Quantity as Q

_UNITS = {"K": 10, "M": 20, "G": 30, "T": 40, "P": 50, "E": 60}
_RELATIONS = {"==": p.Rel.EQ, "!=": p.Rel.NE, "<=": p.Rel.LE, "<": p.Rel.LT}
_LOGIC = {"and": p.Junction.AND, "or": p.Junction.OR, "=>": p.Junction.IMPLIES}


def literal(node: s.Integer | s.Member) -> tuple[int, bool]:
    """The value of a number as written, and whether it carries a unit of bytes."""
    digits = node.digits.replace("_", "")
    if digits.startswith("0x"):
        return int(digits, 16), False
    unit = re.fullmatch(r"(\d+)([KMGTPE]?)", digits)
    assert unit is not None  # the grammar allows nothing else
    if len(unit[1]) > 40:
        raise reject(Code.LITERAL_TOO_LARGE, "this number does not fit in 64 bits", node.span, "use a smaller number")
    return int(unit[1]) << _UNITS.get(unit[2], 0), bool(unit[2])


def is_literal(node: s.Expr) -> bool:
    """Whether the type of this expression is still open: it consists of numbers only."""
    match node:
        case s.Integer():
            return True
        case s.Parenthesis(inner=inner):
            return is_literal(inner)
        case s.Binary(left=left, right=right):
            return is_literal(left) and is_literal(right)
    return False


@dataclass
class Elaborator:
    """Types one file's expressions. ``size`` counts what macros have expanded to; ``active`` finds recursion."""

    size: int = 0
    active: list[str] = field(default_factory=list)

    # --- entry points

    def expression(self, node: s.Expr, scope: Scope, expected: t.Type | None = None) -> p.Expr:
        """The typed expression. Raises `Rejected`; ``expected`` gives numbers and bare member names their type."""
        self.size += 1
        if self.size > MAX_EXPANSION:
            raise reject(Code.TOO_MANY, "this file expands to too many expressions", node.span, "simplify its macros")
        result = self._expression(node, scope, expected)
        if expected is not None and result.type != expected:
            raise reject(
                Code.TYPE_MISMATCH, f"this is {_describe(result.type)}; {_describe(expected)} is needed here", node.span,
                "convert with `as` if that is meant",
            )  # fmt: skip
        return result

    def boolean(self, node: s.Expr, scope: Scope) -> p.Expr:
        """The typed condition. Raises `Rejected`."""
        return self.expression(node, scope, t.BOOL)

    def constant(self, node: s.Expr, scope: Scope, expected: t.Type | None) -> p.Const:
        """An expression that must be known without running anything. Raises `Rejected`."""
        result = self.expression(node, scope, expected)
        if not isinstance(result, p.Const):
            raise reject(Code.NOT_CONSTANT, "this must be a constant", node.span, "use a number or a `const`")
        return result

    def type(self, node: s.TypeName, scope: Scope) -> t.Type:
        """The scalar type that a name stands for. Raises `Rejected`."""
        binding = scope.find(node.name)
        if binding is None:
            raise reject_unknown_type(node, scope)
        if not isinstance(binding, TypeBinding) or node.window:
            raise reject(Code.UNKNOWN_TYPE, f"`{node.span.text}` is no type of values", node.span, "name a type")
        return binding.type

    # --- dispatch

    def _expression(self, node: s.Expr, scope: Scope, expected: t.Type | None) -> p.Expr:
        match node:
            case s.Parenthesis(inner=inner):
                return self.expression(inner, scope, expected)
            case s.Integer():
                return self._integer(node, expected)
            case s.Truth(value=value):
                return p.Const(t.BOOL, int(value))
            case s.Name(name=name):
                return self._name(node, name, scope, expected)
            case s.Attribute():
                return self._attribute(node, scope)
            case s.Call():
                return self._call(node, scope, expected)
            case s.Unary(operator="not", operand=operand):
                return p.Not(self.boolean(operand, scope), t.BOOL)
            case s.Unary(operand=operand):
                inner = self.expression(operand, scope, expected)
                if isinstance(inner, p.Const):
                    return p.Const(inner.type, ~inner.value % (1 << t.width(inner.type)))
                return p.Complement(inner.type, inner)
            case s.MemberOf():
                return self._member_of(node, scope)
            case s.Cast():
                return self._cast(node, scope)
            case s.Choice(condition=condition, then=then, otherwise=otherwise):
                chosen = self.expression(then, scope, expected)
                return p.IfElse(
                    chosen.type,
                    self.boolean(condition, scope),
                    chosen,
                    self.expression(otherwise, scope, chosen.type),
                )
            case s.Binary():
                return self._binary(node, scope, expected)
        raise reject(
            Code.FORMULA_MISPLACED, "`each`, `total` and `count` cannot stand inside an expression", node.span,
            "use them as a conjunct of their own in an assumption, a property, `where` or `check`",
        )  # fmt: skip

    # --- leaves

    def _integer(self, node: s.Integer, expected: t.Type | None) -> p.Expr:
        value, unit = literal(node)
        kind = expected if isinstance(expected, t.Integer) else (t.BYTES if unit else t.U64)
        if isinstance(expected, t.Enumeration | t.Flags) and not unit:
            kind_any: t.Type = expected
        else:
            kind_any = kind
        if unit and kind.quantity is Q.PAGES:
            raise reject(Code.TYPE_MISMATCH, "a size in bytes cannot stand for pages", node.span, "write a page count")
        if value >= 1 << t.width(kind_any):
            raise reject(
                Code.LITERAL_TOO_LARGE, f"{node.digits} does not fit in {t.width(kind_any)} bits", node.span,
                "use a smaller number",
            )  # fmt: skip
        return p.Const(kind_any, value)

    def _name(self, node: s.Expr, name: str, scope: Scope, expected: t.Type | None) -> p.Expr:
        binding = scope.find(name)
        if isinstance(binding, ValueBinding):
            return binding.value
        if binding is None and isinstance(expected, t.Enumeration | t.Flags):
            members = dict(expected.members)
            if name in members:
                return p.Const(expected, members[name])
            raise Rejected(unknown(Code.UNKNOWN_NAME, f"member of {expected.name}", name, iter(members), node.span))
        binding = scope.lookup(name, node.span)
        raise reject(
            Code.WRONG_OPERAND,
            f"`{name}` is {KIND[type(binding)]}, not a value",
            node.span,
            "use a value here",
        )

    def _attribute(self, node: s.Attribute, scope: Scope) -> p.Expr:
        if isinstance(node.operand, s.Name):
            match scope.lookup(node.operand.name, node.operand.span):
                case RegionBinding(variable=variable, record=record):
                    return self.region_field(variable, record, node)
                case WindowBinding(type=kind, start=start, end=end):
                    if node.name in ("start", "end"):
                        return start if node.name == "start" else end
                    if node.name == "size":
                        return fold.arith(t.BYTES, p.Op.SUB, end, start, False, node.span)
                    known = iter(("start", "end", "size"))
                    raise Rejected(
                        unknown(
                            Code.UNKNOWN_FIELD,
                            f"part of a window of {kind.name}",
                            node.name,
                            known,
                            node.span,
                        )
                    )
                case TypeBinding(type=t.Enumeration() | t.Flags() as kind):
                    return self._name(node, node.name, Scope({}), kind)
        raise reject(
            Code.WRONG_OPERAND,
            "only regions, windows and enumerations have parts",
            node.span,
            "name one before the dot",
        )

    def region_field(self, variable: str, record: RecordBinding, node: s.Attribute) -> p.Expr:
        """A field of a region, or a derived value expanded. Raises `Rejected`."""
        if node.name in (p.PLACED, p.EXPORTED):
            return p.Field(t.BOOL, variable, node.name)
        fields = dict(record.record.fields)
        if node.name in fields:
            return p.Field(fields[node.name], variable, node.name)
        for index, derived in enumerate(record.derived):
            if derived.name == node.name:
                inner = record.scope.child()
                for name, kind in record.record.fields:
                    inner.bind(name, ValueBinding(p.Field(kind, variable, name)), derived.span)
                for earlier in record.derived[:index]:
                    value = self.region_field(
                        variable, record, s.Attribute(node.operand, earlier.name, span=earlier.span)
                    )
                    inner.bind(earlier.name, ValueBinding(value), earlier.span)
                return self.expression(derived.value, inner, self.type(derived.type, record.scope))
        known = iter([*fields, *(d.name for d in record.derived), p.PLACED, p.EXPORTED])
        raise Rejected(unknown(Code.UNKNOWN_FIELD, f"field of {record.record.name}", node.name, known, node.span))

    # --- calls

    def _call(self, node: s.Call, scope: Scope, expected: t.Type | None) -> p.Expr:
        if node.function in ("align_down", "align_up"):
            operand, by = self._two(node)
            value = self.expression(operand, scope, expected if is_literal(operand) else None)
            alignment = self._divisor(by, scope, value.type)
            if node.function == "align_up":
                step = p.Const(_step_type(value.type), alignment - 1)
                value = fold.arith(value.type, p.Op.ADD, value, step, False, node.span)
            return fold.align_down(value.type, value, alignment)
        if node.function in ("min", "max"):
            left, right = self._pair(*self._two(node), scope)
            if left.type != right.type:
                raise mismatch(node.function, left.type, right.type, node.span)
            smaller = fold.compare(p.Rel.LE, left, right)
            first, second = (left, right) if node.function == "min" else (right, left)
            return p.IfElse(left.type, smaller, first, second)
        binding = scope.lookup(node.function, node.span)
        if not isinstance(binding, FunctionBinding):
            raise reject(
                Code.WRONG_OPERAND, f"`{node.function}` is {KIND[type(binding)]}; it cannot be called in an expression",
                node.span, "call a function made with `def`",
            )  # fmt: skip
        item = binding.item
        if len(node.arguments) != len(item.parameters):
            raise wrong_arguments(node.function, len(item.parameters), len(node.arguments), node.span)
        if item.name in self.active:
            raise reject(Code.RECURSION, f"`{item.name}` is defined by means of itself", node.span, "unroll it by hand")
        inner = binding.scope.child()
        for parameter, argument in zip(item.parameters, node.arguments, strict=True):
            kind = self.type(parameter.type, binding.scope)
            inner.bind(parameter.name, ValueBinding(self.expression(argument, scope, kind)), parameter.span)
        self.active.append(item.name)
        value = self.expression(item.value, inner, self.type(item.result, binding.scope))
        self.active.pop()
        return value

    def _two(self, node: s.Call) -> tuple[s.Expr, s.Expr]:
        if len(node.arguments) != 2:
            raise wrong_arguments(node.function, 2, len(node.arguments), node.span)
        return node.arguments[0], node.arguments[1]

    def _divisor(self, node: s.Expr, scope: Scope, dividend: t.Type) -> int:
        """A constant divisor or alignment, not zero."""
        expected = _step_type(dividend) if is_literal(node) else None
        value = self.constant(node, scope, expected).value
        if value == 0:
            raise reject(Code.DIVISION_BY_ZERO, "division by zero", node.span, "use a divisor above 0")
        return value

    # --- operators

    def _member_of(self, node: s.MemberOf, scope: Scope) -> p.Expr:
        operand = self.expression(node.operand, scope)
        equal = [fold.compare(p.Rel.EQ, operand, self.expression(m, scope, operand.type)) for m in node.members]
        return reduce(fold.disjunction, equal)

    def _cast(self, node: s.Cast, scope: Scope) -> p.Expr:
        target = self.type(node.target, scope)
        operand = self.expression(node.operand, scope)
        if isinstance(target, t.Boolean) or isinstance(operand.type, t.Boolean):
            raise reject(Code.WRONG_OPERAND, "a bool is no number", node.span, "write `if c then 1 else 0`")
        if isinstance(operand, p.Const):
            if operand.value >= 1 << t.width(target) and not node.wraps:
                raise reject(
                    Code.NEVER_FITS, f"{operand.value:#x} does not fit in {t.width(target)} bits", node.span,
                    "write `as%` where cutting it off is meant",
                )  # fmt: skip
            return p.Const(target, operand.value % (1 << t.width(target)))
        fits_always = t.width(operand.type) <= t.width(target)
        return p.Convert(target, operand, node.wraps or fits_always, node.span)

    def _pair(self, left: s.Expr, right: s.Expr, scope: Scope) -> tuple[p.Expr, p.Expr]:
        """Two operands of one type, either of which may give the other its type."""
        if is_literal(left) or (isinstance(left, s.Name) and scope.find(left.name) is None):
            typed_right = self.expression(right, scope)
            return self.expression(left, scope, typed_right.type), typed_right
        typed_left = self.expression(left, scope)
        open_type = is_literal(right) or isinstance(typed_left.type, t.Enumeration | t.Flags)
        return typed_left, self.expression(right, scope, typed_left.type if open_type else None)

    def _binary(self, node: s.Binary, scope: Scope, expected: t.Type | None) -> p.Expr:
        operator = node.operator
        if operator in _LOGIC:
            left, right = self.boolean(node.left, scope), self.boolean(node.right, scope)
            if operator == "and":
                return fold.conjunction(left, right)
            if operator == "or":
                return fold.disjunction(left, right)
            return p.Logic(_LOGIC[operator], left, right, t.BOOL)
        if operator in ("==", "!=", "<=", "<", ">=", ">"):
            left, right = self._pair(node.left, node.right, scope)
            if left.type != right.type:
                raise mismatch(operator, left.type, right.type, node.span)
            if operator not in ("==", "!=") and not isinstance(left.type, t.Integer):
                raise reject(
                    Code.WRONG_OPERAND,
                    f"{_describe(left.type)} has no order",
                    node.span,
                    "compare with == or !=",
                )
            if operator in (">=", ">"):
                left, right = right, left
                operator = "<=" if operator == ">=" else "<"
            return fold.compare(_RELATIONS[operator], left, right)
        if operator == "has":
            word = self.expression(node.left, scope)
            if not isinstance(word.type, t.Flags):
                raise reject(
                    Code.WRONG_OPERAND,
                    f"`has` asks for flags, this is {_describe(word.type)}",
                    node.left.span,
                    "",
                )
            mask = self.constant(node.right, scope, word.type)
            return fold.compare(p.Rel.EQ, fold.arith(word.type, p.Op.AND, word, mask, True, node.span), mask)
        if operator == "aligned":
            value = self.expression(node.left, scope)
            step = _step_type(value.type)
            divisor = p.Const(step, self._divisor(node.right, scope, value.type))
            remainder = fold.arith(step, p.Op.MOD, value, divisor, True, node.span)
            return fold.compare(p.Rel.EQ, remainder, p.Const(step, 0))
        return self._arithmetic(node, operator, scope, expected)

    def _arithmetic(self, node: s.Binary, operator: str, scope: Scope, expected: t.Type | None) -> p.Expr:
        wraps = operator.endswith("%") and operator != "%"
        op = p.Op(operator[:-1] if wraps else operator)
        if is_literal(node.left) and is_literal(node.right):
            hint = expected if isinstance(expected, t.Integer) else None
            left = self.expression(node.left, scope, hint)
            right = self.expression(
                node.right, scope, None if op in _BY_CONSTANT or op is p.Op.MUL else hint or left.type
            )
        elif is_literal(node.left):
            right = self.expression(node.right, scope)
            left = self.expression(node.left, scope, _operand_type(op, right.type, node.left))
        else:
            left = self.expression(node.left, scope)
            if isinstance(left.type, t.Flags):
                right = self.expression(node.right, scope, left.type)
            else:
                hint_right = _operand_type(op, left.type, node.right) if is_literal(node.right) else None
                right = self.expression(node.right, scope, hint_right)
        result = _result_type(op, left.type, right.type)
        if result is None:
            raise mismatch(operator, left.type, right.type, node.span)
        self._check_operands(op, left, right, result, node)
        return fold.arith(result, op, left, right, wraps or op in _NEVER_WRAPS, node.span)

    def _check_operands(self, op: p.Op, left: p.Expr, right: p.Expr, result: t.Type, node: s.Binary) -> None:
        if op is p.Op.MUL and not isinstance(left, p.Const) and not isinstance(right, p.Const):
            raise reject(Code.NOT_LINEAR, "a product of two variables", node.span, "one factor must be a constant")
        if op not in _BY_CONSTANT:
            return
        if not isinstance(right, p.Const):
            raise reject(
                Code.NOT_CONSTANT,
                f"the right side of `{op}` must be a constant",
                node.right.span,
                "use a number or a `const`",
            )
        if op in (p.Op.DIV, p.Op.MOD) and right.value == 0:
            raise reject(Code.DIVISION_BY_ZERO, "division by zero", node.right.span, "use a divisor above 0")
        if op in (p.Op.SHL, p.Op.SHR) and right.value >= t.width(result):
            raise reject(
                Code.SHIFT_TOO_FAR, f"a shift by {right.value} of a value of {t.width(result)} bits", node.right.span,
                f"shift by at most {t.width(result) - 1}",
            )  # fmt: skip


_BY_CONSTANT = (p.Op.DIV, p.Op.MOD, p.Op.SHL, p.Op.SHR)
_NEVER_WRAPS = (p.Op.DIV, p.Op.MOD, p.Op.SHR, p.Op.AND, p.Op.OR, p.Op.XOR)


def _step_type(kind: t.Type) -> t.Type:
    """The type of distances between, and divisors of, values of this type."""
    return t.BYTES if isinstance(kind, t.Integer) and kind.is_address else kind


def _operand_type(op: p.Op, other: t.Type, node: s.Expr) -> t.Type | None:
    """The type that a number gets beside an operand of type ``other``."""
    if op in (p.Op.SHL, p.Op.SHR):
        return t.U64
    if op in (p.Op.MUL, p.Op.DIV):
        return other if isinstance(other, t.Integer) and other.quantity is Q.NUMBER else None
    return _step_type(other)


def _result_type(op: p.Op, left: t.Type, right: t.Type) -> t.Type | None:
    """The type of ``left op right``, or None where the operands do not go together."""
    if isinstance(left, t.Flags):
        return left if op in (p.Op.AND, p.Op.OR, p.Op.XOR) and left == right else None
    if not isinstance(left, t.Integer) or not isinstance(right, t.Integer):
        return None
    if op in (p.Op.SHL, p.Op.SHR):
        return left if right.quantity is Q.NUMBER else None
    if op is p.Op.MUL:
        if {left.quantity, right.quantity} == {Q.PAGES, Q.BYTES}:
            return t.BYTES
        if right.quantity is Q.NUMBER and not left.is_address:
            return left if left.quantity is not Q.NUMBER or left == right else None
        return right if left.quantity is Q.NUMBER and not right.is_address else None
    if op is p.Op.DIV:
        if left == right and left.quantity is not Q.NUMBER and not left.is_address:
            return t.U64
        return (
            left
            if right.quantity is Q.NUMBER and not left.is_address and (left == right or left.quantity is not Q.NUMBER)
            else None
        )
    if left == right and not (left.is_address and op is not p.Op.SUB):
        return t.BYTES if left.is_address else left
    if left.is_address and right == t.BYTES:
        return t.BYTES if op is p.Op.MOD else left
    if right.is_address and left == t.BYTES and op is p.Op.ADD:
        return right
    return None


def _describe(kind: t.Type) -> str:
    if isinstance(kind, t.Integer) and kind.quantity is not Q.NUMBER:
        return f"`{kind.name}` ({kind.quantity.value})"
    return f"`{kind.name}`"


def mismatch(operator: str, left: t.Type, right: t.Type, span: Span) -> Rejected:
    """The error for operands that do not go together."""
    return reject(
        Code.TYPE_MISMATCH, f"`{operator}` between {_describe(left)} and {_describe(right)}", span,
        "convert one side with `as` if that is meant",
    )  # fmt: skip


def wrong_arguments(name: str, wanted: int, got: int, span: Span) -> Rejected:
    """The error for a wrong number of arguments."""
    return reject(Code.WRONG_ARGUMENTS, f"`{name}` takes {wanted} argument(s), not {got}", span, "see its definition")


def reject_unknown_type(node: s.TypeName, scope: Scope) -> Rejected:
    """The error for a type name that does not exist."""
    return Rejected(unknown(Code.UNKNOWN_TYPE, "type", node.name, scope.names(), node.span))
