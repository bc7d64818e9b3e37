"""Expressions: names to what they stand for, types, macros expanded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import field, replace

from checker import program as p
from checker.base.codes import LayoutCode
from checker.base.diagnostic import LabelledSpan, Rejected, Span, reject
from checker.base.values import frozen
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
    SequenceBinding,
    TypeBinding,
    ValueBinding,
    WindowBinding,
)
from checker.language.elaborate.spending import Spending
from checker.language.elaborate.unknown import unknown
from checker.language.syntax import tree as s
from checker.program import fold
from checker.program import types as t
from checker.program.walk import regions_read, scalars_read

_MOST_CALLS = 3
"""The most calls, the innermost first, that are shown for what is wrong in a `def`."""

Derived = dict[tuple[int, str], tuple[RecordBinding, dict[str, p.Expr]]]
"""The derived values of regions: by record and variable, then by name."""


@frozen
class Formal:
    """A `def` or a rule that is read with stand-ins for its arguments: its parameters, and those of them that have
    turned out to be taken for constants."""

    parameters: frozenset[str]
    constants: set[str] = field(default_factory=set)


class Elaborator:
    """Types one file's expressions."""

    def __init__(self, budget: Spending) -> None:
        self.budget = budget
        self.derived: Derived = {}
        self.formal: Formal | None = None
        """Tell what is read with stand-ins for its arguments, if anything is."""
        self.may_end = False
        """Tell whether what runs end with may be spoken of."""

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
        result = self.known(self.expression(node, scope, expected))
        if result is None:
            raise reject(LayoutCode.NOT_CONSTANT, "this must be a constant", node.span, "use a number or a `const`")
        return result

    def known(self, value: p.Expr) -> p.Const | None:
        """The constant that an expression is. While a `def` or a rule is read by itself, 1 stands for one that is made
        of its parameters, which are to be constants from then on."""
        if isinstance(value, p.Const):
            return value
        if self.formal is None or not self.may_be_known(value):
            return None
        self.formal.constants.update(scalars_read(value))
        return p.Const(value.type, 1)

    def may_be_known(self, value: p.Expr) -> bool:
        """Tell whether an expression is a constant, or is one if the parameters of what is read by itself are."""
        parameters = frozenset[str]() if self.formal is None else self.formal.parameters
        return isinstance(value, p.Const) or (not regions_read(value) and scalars_read(value) <= parameters)

    def reading(self, parameters: Iterable[s.Parameter], read: Callable[[], object]) -> frozenset[str]:
        """Read what has parameters with stand-ins for its arguments. Returns the parameters that have to be constants.
        Raises `Rejected`."""
        names = [str(each.name) for each in parameters]
        ends = [f"{name}.{end}" for name in names for end in ("start", "end")]
        self.formal = formal = Formal(frozenset((*names, *ends)))
        read()
        self.formal = None
        return frozenset(name.partition(".")[0] for name in formal.constants)

    def unknown_window(self, name: str, node: s.TypeName, scope: Scope) -> WindowBinding:
        """A window that is a parameter or given, of the type that is written. Raises `Rejected`."""
        kind = self.type(s.TypeName(node.name, span=node.span), scope)
        if not isinstance(kind, t.Integer) or not kind.is_address:
            raise reject(LayoutCode.TYPE_MISMATCH, "a window is a range of addresses", node.span, "use pa or va")
        return WindowBinding.of(name, kind)

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
            return scope.part(name, _member(expected, name, span), TypeBinding(expected))
        binding = scope.lookup(name, span)
        called = isinstance(binding, FunctionBinding | RuleBinding)
        remedy = f"give it its arguments: `{name}(...)`" if called else "use a value here"
        raise reject(LayoutCode.WRONG_OPERAND, f"`{name}` is {KIND[type(binding)]}, not a value", span, remedy)

    def _attribute(self, node: s.Attribute, scope: Scope) -> p.Expr:
        if isinstance(node.operand, s.Name):
            match scope.lookup(node.operand.name, node.operand.span):
                case RegionBinding() as region:
                    return scope.part(node.name, self.region_field(region, node.name), region.record)
                case WindowBinding() as window:
                    return scope.part(node.name, _part(window, node), window)
                case SequenceBinding() as made:
                    return self._ended(made, node)
                case TypeBinding(type=t.Enumeration() | t.Flags() as kind) as members:
                    return scope.part(node.name, _member(kind, node.name, node.name.span), members)
                case _:
                    pass
        if node.name == p.PLACED and isinstance(node.operand, s.Attribute):
            return self._placed(node.operand, scope)
        message = "only regions, windows and enumerations have parts"
        raise reject(LayoutCode.WRONG_OPERAND, message, node.operand.span, "name one before the dot")

    def _ended(self, made: SequenceBinding, node: s.Attribute) -> p.Expr:
        """The value of a variable of a run when that has ended: `made.cursor`."""
        if not made.type.layout or made.visits or not self.may_end:
            message = f"`{made.name}` is a list of regions; what a run ends with is said in a `check`, by itself"
            remedy = "ask for parts of a region: `each r in ...: r.size`"
            if made.type.layout and not made.visits:
                remedy = f"write it as a conjunct of a `check` of its own: `check {made.name}.{node.name} <= ...`"
            raise reject(LayoutCode.FORMULA_MISPLACED, message, node.span, remedy)
        if node.name not in made.ended:
            known = iter(made.ended)
            raise Rejected(
                unknown(LayoutCode.UNKNOWN_FIELD, "variable", node.name, known, node.name.span, of=made.name)
            )
        return p.Var(made.ended[node.name], p.final(made.name, node.name), made.name)

    def _placed(self, node: s.Attribute, scope: Scope) -> p.Expr:
        """Tell whether a region was placed at an address that is named: `r.identity.placed`."""
        place = self._attribute(node, scope)
        region = scope.find(node.operand.name) if isinstance(node.operand, s.Name) else None
        if isinstance(region, RegionBinding) and isinstance(place, p.Field):
            record = region.record.record
            if place.name == node.name and place.name in record.placements:
                return p.Field(t.BOOL, region.variable, record.placed(place.name))
        message = f"`{node.name}` is no place of a region"
        raise reject(LayoutCode.WRONG_OPERAND, message, node.name.span, "name a `placed at` field before `.placed`")

    def region_field(self, region: RegionBinding, name: s.Ident) -> p.Expr:
        """A field of a region, or a derived value expanded. Raises `Rejected`."""
        variable, record = region.variable, region.record
        if name in p.MARKS or (region.visits and name == p.VISITED):
            return p.Field(t.BOOL, variable, name)
        fields = dict(record.record.fields)
        if name in fields:
            return p.Field(fields[name], variable, name)
        derived = self._derived(variable, record)
        if name in derived:
            self.budget.reuse(derived[name], name.span)
            return derived[name]
        known = iter([*fields, *derived, *p.MARKS])
        raise Rejected(unknown(LayoutCode.UNKNOWN_FIELD, "field", name, known, name.span, of=record.record.name))

    def _derived(self, variable: str, record: RecordBinding) -> dict[str, p.Expr]:
        """The derived values of a region, all worked out the first time, each from those before it. What a record has
        of the one that it extends means what it means there."""
        todo = [record]
        while (base := todo[-1].base) is not None and (id(base), variable) not in self.derived:
            todo.append(base)
        for each in reversed(todo if (id(record), variable) not in self.derived else ()):
            known = {} if each.base is None else self.derived[id(each.base), variable][1]
            self.derived[id(each), variable] = (each, known | self._derive(variable, each, known))
        return self.derived[id(record), variable][1]

    def _derive(self, variable: str, record: RecordBinding, known: dict[str, p.Expr]) -> dict[str, p.Expr]:
        """The derived values that a record itself declares, by those that are known of the one that it extends."""
        own: dict[str, p.Expr] = {}
        inner = record.scope.child()
        for derived in record.derived:
            if not own:
                for field, kind in record.record.fields:
                    inner.bind(field, ValueBinding(p.Field(kind, variable, field)), derived.span)
                for name, value in known.items():
                    inner.bind(name, ValueBinding(value), derived.span)
            inner.declaring = derived.name
            value = self.expression(derived.value, inner, self.type(derived.type, record.scope))
            inner.bind(derived.name, ValueBinding(value), derived.name.span)
            own[str(derived.name)] = value
        return own

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
            given = index < len(node.arguments)
            argument = node.arguments[index] if given else parameter.default
            assert argument is not None
            bound = self._argument(binding, parameter, argument, scope if given else binding.scope)
            inner.bind(parameter.name, bound, parameter.name.span)
        result = self.type(binding.item.result, binding.scope)
        try:
            return self.expression(binding.item.value, inner, result)
        except Rejected as rejected:
            wrong = rejected.diagnostic
            if self.formal is not None or len(wrong.places) >= _MOST_CALLS:
                raise
            here = LabelledSpan(node.span, "it is wrong for these arguments")
            raise Rejected(replace(wrong, places=(*wrong.places, here))) from None

    def _argument(
        self, function: FunctionBinding, parameter: s.Parameter, node: s.Expr, scope: Scope
    ) -> ValueBinding | RegionBinding:
        """The value, or the region of the scope, that stands for a parameter in the body of a function."""
        record = function.scope.find(parameter.type.name)
        if isinstance(record, RecordBinding):
            region = scope.lookup(node.name, node.span) if isinstance(node, s.Name) else None
            if not isinstance(region, RegionBinding) or not region.record.is_a(record):
                message = f"`{parameter.name}` of `{function.item.name}` is a region of `{record.record.name}`"
                remedy = "name the region of a pass or of a quantifier"
                raise reject(LayoutCode.TYPE_MISMATCH, message, node.span, remedy)
            return RegionBinding(region.variable, record)
        value = self.expression(node, scope, self.type(parameter.type, function.scope))
        self.hold_constant(function, parameter, value, node.span)
        return ValueBinding(value)

    def hold_constant(
        self, owner: FunctionBinding | RuleBinding, parameter: s.Parameter, value: p.Expr, span: Span
    ) -> None:
        """Refuse what is no constant for a parameter that is taken for one. Raises `Rejected`."""
        if parameter.name in owner.constants and self.known(value) is None:
            message = f"`{owner.item.name}` takes `{parameter.name}` for a constant, and this is none"
            raise reject(LayoutCode.NOT_CONSTANT, message, span, "use a number or a `const`")

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
        raise Rejected(unknown(LayoutCode.UNKNOWN_NAME, "member", name, iter(members), span, of=kind.name))
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


@contextmanager
def argument_of(name: str, signature: str) -> Iterator[None]:
    """Add to the complaint about an argument that has another type what the parameters are: who passes two of them in
    the wrong order sees it there."""
    try:
        yield
    except Rejected as rejected:
        wrong = rejected.diagnostic
        if wrong.code != LayoutCode.TYPE_MISMATCH:
            raise
        raise Rejected(replace(wrong, notes=(*wrong.notes, f"the parameters are `{name}({signature})`"))) from None
