"""Expressions: names to what they stand for, types, macros expanded."""

from __future__ import annotations

from checker import program as p
from checker.base.codes import LayoutCode
from checker.base.diagnostic import Rejected, Span, reject
from checker.language.elaborate import operations
from checker.language.elaborate.literals import is_literal, number
from checker.language.elaborate.operators import conversion, describe, mismatch, step_type
from checker.language.elaborate.scope import (
    KIND,
    FunctionBinding,
    ListTypeBinding,
    RecordBinding,
    RegionBinding,
    RuleBinding,
    Scope,
    TypeBinding,
    ValueBinding,
    WindowBinding,
    unknown,
)
from checker.language.elaborate.spending import Spending
from checker.language.syntax import tree as s
from checker.program import fold
from checker.program import types as t


class Elaborator:
    """Types one file's expressions."""

    def __init__(self, budget: Spending) -> None:
        self.budget = budget
        self._derived: dict[tuple[int, str, str], tuple[RecordBinding, p.Expr]] = {}

    # --- entry points

    def expression(self, node: s.Expr, scope: Scope, expected: t.Type | None = None) -> p.Expr:
        """The typed expression. Raises `Rejected`; ``expected`` gives numbers and bare member names their type."""
        self.budget.enter(node.span)
        result = self._expression(node, scope, expected)
        self.budget.leave()
        self.budget.check_depth(result, node.span)
        if expected is not None and result.type != expected:
            message = f"this is {describe(result.type)}; {describe(expected)} is needed here"
            raise reject(LayoutCode.TYPE_MISMATCH, message, node.span, conversion(result.type, expected))
        return result

    def boolean(self, node: s.Expr, scope: Scope) -> p.Expr:
        """The typed condition. Raises `Rejected`."""
        return self.expression(node, scope, t.BOOL)

    def constant(self, node: s.Expr, scope: Scope, expected: t.Type | None) -> p.Const:
        """An expression that must be known without running anything. Raises `Rejected`."""
        result = self.expression(node, scope, expected)
        if not isinstance(result, p.Const):
            raise reject(LayoutCode.NOT_CONSTANT, "this must be a constant", node.span, "use a number or a `const`")
        return result

    def type(self, node: s.TypeName, scope: Scope) -> t.Type:
        """The scalar type that a name stands for. Raises `Rejected`."""
        binding = scope.find(node.name)
        if binding is None:
            kinds = (TypeBinding, ListTypeBinding)
            raise scope.unknown(LayoutCode.UNKNOWN_TYPE, "type", node.name, node.span, kinds, otherwise="")
        if not isinstance(binding, TypeBinding) or node.window:
            what = "a window" if node.window else KIND[type(binding)]
            message = f"a type of values is needed here; `{node.name}` is {what}"
            raise reject(LayoutCode.UNKNOWN_TYPE, message, node.span, "name a type such as `u64`, `va` or `bytes`")
        return binding.type

    # --- dispatch

    def _expression(self, node: s.Expr, scope: Scope, expected: t.Type | None) -> p.Expr:
        match node:
            case s.Parenthesis(inner=inner):
                return self.expression(inner, scope, expected)
            case s.Integer():
                return number(node, expected)
            case s.Truth(value=value):
                return p.Const(t.BOOL, int(value))
            case s.Name(name=name):
                return self._name(name, node.span, scope, expected)
            case s.Attribute():
                return self._attribute(node, scope)
            case s.Call():
                return self._call(node, scope, expected)
            case s.Unary(operator="not", operand=operand):
                return fold.negation(self.boolean(operand, scope))
            case s.Unary():
                return operations.complement(self, node, scope, expected)
            case s.MemberOf():
                return operations.member_of(self, node, scope)
            case s.Cast():
                return operations.cast(self, node, scope)
            case s.Choice():
                return self._choice(node, scope, expected)
            case s.Binary():
                return operations.binary(self, node, scope, expected)
            case _:
                raise reject(
                    LayoutCode.FORMULA_MISPLACED,
                    "`each`, `total` and `count` cannot stand inside an expression",
                    node.span,
                    "use them as a conjunct of their own in an assumption, a property, `where` or `check`",
                )

    # --- leaves

    def _name(self, name: str, span: Span, scope: Scope, expected: t.Type | None) -> p.Expr:
        binding = scope.find(name)
        if isinstance(binding, ValueBinding):
            self.budget.reuse(binding.value, span)
            return binding.value
        if binding is None and isinstance(expected, t.Enumeration | t.Flags):
            return _member(expected, name, span)
        binding = scope.lookup(name, span)
        called = isinstance(binding, FunctionBinding | RuleBinding)
        remedy = f"give it its arguments: `{name}(...)`" if called else "use a value here"
        raise reject(LayoutCode.WRONG_OPERAND, f"`{name}` is {KIND[type(binding)]}, not a value", span, remedy)

    def _attribute(self, node: s.Attribute, scope: Scope) -> p.Expr:
        if isinstance(node.operand, s.Name):
            match scope.lookup(node.operand.name, node.operand.span):
                case RegionBinding(variable=variable, record=record):
                    return self.region_field(variable, record, node.name)
                case WindowBinding() as window:
                    return _part(window, node)
                case TypeBinding(type=t.Enumeration() | t.Flags() as kind):
                    return _member(kind, node.name, node.name.span)
                case _:
                    pass
        message = "only regions, windows and enumerations have parts"
        raise reject(LayoutCode.WRONG_OPERAND, message, node.operand.span, "name one before the dot")

    def region_field(self, variable: str, record: RecordBinding, name: s.Ident) -> p.Expr:
        """A field of a region, or a derived value expanded. Raises `Rejected`."""
        if name in p.MARKS:
            return p.Field(t.BOOL, variable, name)
        fields = dict(record.record.fields)
        if name in fields:
            return p.Field(fields[name], variable, name)
        if any(derived.name == name for derived in record.derived):
            value = self._derive(variable, record, name)
            self.budget.reuse(value, name.span)
            return value
        known = iter([*fields, *(d.name for d in record.derived), *p.MARKS])
        raise Rejected(unknown(LayoutCode.UNKNOWN_FIELD, f"field of {record.record.name}", name, known, name.span))

    def _derive(self, variable: str, record: RecordBinding, name: str) -> p.Expr:
        """A derived value of a region; all of the record's are worked out the first time, each from those before it."""
        if (id(record), variable, name) not in self._derived:
            inner = record.scope.child()
            for field, kind in record.record.fields:
                inner.bind(field, ValueBinding(p.Field(kind, variable, field)), record.derived[0].span)
            for derived in record.derived:
                inner.declaring = derived.name
                value = self.expression(derived.value, inner, self.type(derived.type, record.scope))
                inner.bind(derived.name, ValueBinding(value), derived.name.span)
                self._derived[id(record), variable, derived.name] = (record, value)
        return self._derived[id(record), variable, name][1]

    # --- calls

    def _call(self, node: s.Call, scope: Scope, expected: t.Type | None) -> p.Expr:
        if node.function in ("align_down", "align_up"):
            return self._align(node, scope, expected)
        if node.function in ("min", "max"):
            return self._extreme(node, scope)
        binding = scope.lookup(node.function, node.function.span)
        if not isinstance(binding, FunctionBinding):
            message = f"`{node.function}` is {KIND[type(binding)]}; it cannot be called in an expression"
            formula = isinstance(binding, RuleBinding)
            remedy = "use it as a conjunct of its own" if formula else "call a function made with `def`"
            raise reject(LayoutCode.WRONG_OPERAND, message, node.function.span, remedy)
        parameters = binding.item.parameters
        required = sum(parameter.default is None for parameter in parameters)
        if not required <= len(node.arguments) <= len(parameters):
            raise wrong_arguments(node.function, required, len(parameters), len(node.arguments), node.span)
        inner = binding.scope.child()
        for index, parameter in enumerate(parameters):
            kind = self.type(parameter.type, binding.scope)
            given = index < len(node.arguments)
            argument = node.arguments[index] if given else parameter.default
            assert argument is not None
            value = self.expression(argument, scope if given else binding.scope, kind)
            inner.bind(parameter.name, ValueBinding(value), parameter.name.span)
        return self.expression(binding.item.value, inner, self.type(binding.item.result, binding.scope))

    def _align(self, node: s.Call, scope: Scope, expected: t.Type | None) -> p.Expr:
        operand, by = _two(node)
        value = self.expression(operand, scope, expected if is_literal(operand) else None)
        alignment = operations.divisor(self, by, scope, value, operand)
        if node.function == "align_up":
            step = p.Const(step_type(value.type), alignment - 1)
            value = fold.arith(value.type, p.Op.ADD, value, step, False, node.span)
        return fold.align_down(value.type, value, alignment)

    def _extreme(self, node: s.Call, scope: Scope) -> p.Expr:
        left, right = operations.pair(self, *_two(node), scope)
        if left.type != right.type:
            raise mismatch(node.function, left.type, right.type, node.span)
        if not isinstance(left.type, t.Integer):
            raise reject(LayoutCode.WRONG_OPERAND, f"{describe(left.type)} has no order", node.span, "compare numbers")
        for operand in (left, right):
            self.budget.reuse(operand, node.span)
        first, second = (left, right) if node.function == "min" else (right, left)
        return fold.choice(fold.compare(p.Rel.LE, left, right), first, second)

    def _choice(self, node: s.Choice, scope: Scope, expected: t.Type | None) -> p.Expr:
        condition = self.boolean(node.condition, scope)
        if expected is not None:
            then = self.expression(node.then, scope, expected)
            return fold.choice(condition, then, self.expression(node.otherwise, scope, expected))
        then, otherwise = operations.pair(self, node.then, node.otherwise, scope)
        if then.type != otherwise.type:
            raise mismatch("else", then.type, otherwise.type, node.span)
        return fold.choice(condition, then, otherwise)


def _two(node: s.Call) -> tuple[s.Expr, s.Expr]:
    if len(node.arguments) != 2:
        raise wrong_arguments(node.function, 2, 2, len(node.arguments), node.span)
    return node.arguments[0], node.arguments[1]


def _member(kind: t.Enumeration | t.Flags, name: str, span: Span) -> p.Expr:
    members = dict(kind.members)
    if name not in members:
        raise Rejected(unknown(LayoutCode.UNKNOWN_NAME, f"member of {kind.name}", name, iter(members), span))
    return p.Const(kind, members[name])


def _part(window: WindowBinding, node: s.Attribute) -> p.Expr:
    match node.name:
        case "start":
            return window.start
        case "end":
            return window.end
        case "size":
            return fold.arith(t.BYTES, p.Op.SUB, window.end, window.start, False, node.span)
        case _:
            known = iter(("start", "end", "size"))
            raise Rejected(unknown(LayoutCode.UNKNOWN_FIELD, "part of a window", node.name, known, node.name.span))


def wrong_arguments(name: str, least: int, most: int, got: int, span: Span) -> Rejected:
    """The error for a wrong number of arguments."""
    wanted = f"{least}" if least == most else f"{least} to {most}"
    plural = "" if least == most == 1 else "s"
    message = f"`{name}` takes {wanted} argument{plural}, not {got}"
    return reject(LayoutCode.WRONG_ARGUMENTS, message, span, f"pass {wanted}")
