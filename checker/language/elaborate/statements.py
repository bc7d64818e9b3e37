"""Algorithms: statements, in the core's words, what may be assigned where, which arithmetic must be checked."""

from __future__ import annotations

from collections.abc import Iterator

from checker import program as p
from checker.base.codes import LayoutCode
from checker.base.diagnostic import Span, reject
from checker.language.elaborate.expressions import Elaborator
from checker.language.elaborate.operators import describe, step_type
from checker.language.elaborate.scope import (
    KIND,
    AlgorithmBinding,
    ListTypeBinding,
    RecordBinding,
    RegionBinding,
    Scope,
    SequenceBinding,
    ValueBinding,
)
from checker.language.syntax import tree as s
from checker.program import fold, lower, walk
from checker.program import types as t


class AlgorithmElaborator:
    """Types one algorithm."""

    def __init__(self, expressions: Elaborator) -> None:
        self.expressions = expressions
        self.passes = 0
        self.exports = False
        self.chosen: set[str] = set()

    def algorithm(self, node: s.Algorithm, scope: Scope) -> AlgorithmBinding:
        """The typed algorithm. Raises `Rejected`."""
        inner = scope.child()
        list_type, map_name = None, ""
        scalars: list[tuple[str, t.Type, p.Const | None]] = []
        for parameter in node.parameters:
            binding = scope.find(parameter.type.name)
            if isinstance(binding, ListTypeBinding) and not parameter.type.window:
                if list_type is not None:
                    message = "an algorithm takes one map"
                    raise reject(LayoutCode.WRONG_ARGUMENTS, message, parameter.span, "merge the two maps")
                if binding.layout:
                    message = f"`{binding.name}` is a layout; an algorithm makes one of a map"
                    raise reject(LayoutCode.WRONG_ARGUMENTS, message, parameter.type.span, "take a map")
                if parameter.default is not None:
                    message = "a map has no default"
                    raise reject(LayoutCode.WRONG_ARGUMENTS, message, parameter.default.span, "remove the default")
                list_type, map_name = binding, parameter.name
                inner.bind(parameter.name, SequenceBinding(parameter.name, binding), parameter.name.span)
                continue
            kind = self.expressions.type(parameter.type, scope)
            default = (
                self.expressions.constant(parameter.default, scope, kind) if parameter.default is not None else None
            )
            scalars.append((parameter.name, kind, default))
            inner.bind(parameter.name, ValueBinding(p.Var(kind, parameter.name)), parameter.name.span)
        if list_type is None:
            raise reject(
                LayoutCode.WRONG_ARGUMENTS,
                "an algorithm needs a map to lay out",
                node.name.span,
                "add `map: MemoryMap`",
            )
        before = self.expressions.budget.spent("expansion")
        body = self._block(node.body, inner, None)
        size = self.expressions.budget.spent("expansion") - before
        record = list_type.element.record
        algorithm = p.Algorithm(node.name, record, map_name, tuple(scalars), body, node.origin, self.exports, node.span)
        return AlgorithmBinding(algorithm, list_type, any(checked_arithmetic(body)), size)

    def _block(
        self, nodes: tuple[s.Statement, ...], scope: Scope, region: RegionBinding | None
    ) -> tuple[p.Statement, ...]:
        inner = scope.child()
        statements: list[p.Statement] = []
        for index, node in enumerate(nodes):
            statements += self._statement(node, inner, region)
            if isinstance(node, s.Leave) and index + 1 < len(nodes):
                message = f"nothing after `{node.exit}` is ever done"
                raise reject(LayoutCode.UNREACHABLE, message, nodes[index + 1].span, "remove it, or put it before")
        return tuple(statements)

    def _statement(self, node: s.Statement, scope: Scope, region: RegionBinding | None) -> tuple[p.Statement, ...]:
        """The core statements that a statement means."""
        match node:
            case s.Let():
                return (self._let(node, scope),)
            case s.Choose():
                return (self._choose(node, scope),)
            case s.Assign(field=None):
                return (self._assign(node, scope),)
            case s.Assign():
                return (self._assign_field(node, scope, region),)
            case s.Place():
                return self._place(node, scope, region)
            case s.Act(act=act, region=name):
                found = self._region(name, node.span, scope, region)
                if act is s.RegionAct.EXPORT:
                    self.exports = True
                    return (p.Export(found.variable),)
                return lower.drop(found.variable)
            case s.Leave(exit=leave):
                if region is None:
                    raise reject(LayoutCode.OUTSIDE_PASS, f"`{leave}` outside a pass", node.span, "use it inside `for`")
                return (p.Leave(p.Exit.TURN if leave is s.Exit.CONTINUE else p.Exit.PASS),)
            case s.If(condition=condition, then=then, otherwise=otherwise):
                test = self.expressions.boolean(condition, scope)
                branches = self._block(then, scope, region), self._block(otherwise, scope, region)
                return (p.If(test, *branches),)
            case s.For():
                return (self._pass(node, scope, region),)
            case _:
                raise AssertionError(node)

    def _let(self, node: s.Let, scope: Scope) -> p.Statement:
        expected = self.expressions.type(node.type, scope) if node.type is not None else None
        value = self.expressions.expression(node.value, scope, expected)
        scope.bind(node.name, ValueBinding(p.Var(value.type, node.name), node.mutable), node.name.span)
        return p.Declare(node.name, value.type, value)

    def _choose(self, node: s.Choose, scope: Scope) -> p.Statement:
        kind = self.expressions.type(node.type, scope)
        if not isinstance(kind, t.Integer):
            message = f"{describe(kind)} has no order, so no range to choose from"
            raise reject(
                LayoutCode.WRONG_OPERAND, message, node.type.span, "choose a number, then convert it with `as`"
            )
        low, high = (self.expressions.expression(e, scope, kind) for e in (node.low, node.high))
        alignment = 1
        if node.alignment is not None:
            alignment = self.expressions.constant(node.alignment, scope, step_type(kind)).value
            if alignment == 0:
                remedy = "use an alignment above 0"
                raise reject(LayoutCode.DIVISION_BY_ZERO, "alignment to zero", node.alignment.span, remedy)
        if (
            isinstance(low, p.Const)
            and isinstance(high, p.Const)
            and -(-low.value // alignment) * alignment >= high.value
        ):
            message = f"no value from {low.value:#x} up to {high.value:#x} can be chosen"
            raise reject(LayoutCode.EMPTY_WINDOW, message, node.low.span.to(node.high.span), "the end is exclusive")
        if node.name in self.chosen:
            message = f"`{node.name}` is chosen in two places"
            raise reject(LayoutCode.DUPLICATE_NAME, message, node.name.span, "choose under another name")
        self.chosen.add(node.name)
        scope.bind(node.name, ValueBinding(p.Var(kind, node.name)), node.name.span)
        return p.Choose(node.name, kind, low, high, alignment)

    def _assigned(self, node: s.Assign, target: p.Expr, scope: Scope) -> p.Expr:
        """The new value: for ``+=`` and its like, the operator applied to the old one."""
        if node.operator == "=":
            return self.expressions.expression(node.value, scope, target.type)
        old = s.Name(node.target, span=node.target.span)
        left: s.Expr = old if node.field is None else s.Attribute(old, node.field, span=node.span)
        compound = s.Binary(node.operator[:-1], left, node.value, span=node.span)
        return self.expressions.expression(compound, scope, target.type)

    def _assign(self, node: s.Assign, scope: Scope) -> p.Statement:
        binding = scope.lookup(node.target, node.target.span)
        if not isinstance(binding, ValueBinding) or not binding.mutable:
            message = f"`{node.target}` is {KIND[type(binding)]} that cannot change"
            raise reject(LayoutCode.NOT_ASSIGNABLE, message, node.target.span, "assign to what `var` declares")
        return p.Assign(node.target, self._assigned(node, binding.value, scope))

    def _region(self, name: s.Ident, span: Span, scope: Scope, region: RegionBinding | None) -> RegionBinding:
        if region is None:
            raise reject(LayoutCode.OUTSIDE_PASS, "there is no region outside a pass", span, "use it inside `for`")
        binding = scope.lookup(name, name.span)
        if not isinstance(binding, RegionBinding):
            message = f"`{name}` is {KIND[type(binding)]}, not a region"
            raise reject(LayoutCode.WRONG_OPERAND, message, name.span, f"use `{region.variable}`")
        return binding

    def _assign_field(self, node: s.Assign, scope: Scope, region: RegionBinding | None) -> p.Statement:
        found = self._region(node.target, node.span, scope, region)
        assert node.field is not None
        attribute = s.Attribute(s.Name(node.target, span=node.target.span), node.field, span=node.field.span)
        target = self.expressions.expression(attribute, scope)
        if not isinstance(target, p.Field) or node.field in p.MARKS or target.name != node.field:
            remedy = "assign to a field of the record"
            raise reject(LayoutCode.NOT_ASSIGNABLE, f"`{node.field}` is computed", node.field.span, remedy)
        if node.field == found.record.record.placement:
            remedy = f"write `place {node.target} at ...`"
            raise reject(LayoutCode.NOT_ASSIGNABLE, f"`{node.field}` is set by `place`", node.field.span, remedy)
        return p.SetField(found.variable, node.field, self._assigned(node, target, scope))

    def _place(self, node: s.Place, scope: Scope, region: RegionBinding | None) -> tuple[p.Statement, ...]:
        found = self._region(node.region, node.span, scope, region)
        record = found.record.record
        if record.placement is None:
            message = f"{record.name} has no `placed at` field"
            raise reject(LayoutCode.BAD_RECORD, message, node.region.span, "declare one in the record")
        address = self.expressions.expression(node.address, scope, record.type_of(record.placement))
        return lower.place(found.variable, record.placement, address)

    def _pass(self, node: s.For, scope: Scope, region: RegionBinding | None) -> p.Statement:
        if region is not None:
            raise reject(LayoutCode.NESTED_PASS, "a pass inside a pass", node.span, "carry what is needed in a `var`")
        self.passes += 1
        self.expressions.budget.hold("passes", self.passes, node.span)
        sequence = scope.lookup(node.sequence, node.sequence.span)
        if not isinstance(sequence, SequenceBinding):
            message = f"`{node.sequence}` is {KIND[type(sequence)]}, not a map"
            raise reject(LayoutCode.WRONG_OPERAND, message, node.sequence.span, "go over the map")
        element: RecordBinding = sequence.type.element
        binding = RegionBinding(node.variable, element)
        inner = scope.child()
        inner.bind(node.variable, binding, node.variable.span)
        where = fold.TRUE if node.where is None else self.expressions.boolean(node.where, inner)
        return p.Pass(node.variable, node.reversed, where, self._block(node.body, inner, binding), node.span)


def checked_arithmetic(tree: p.Tree) -> Iterator[p.Arith | p.Convert]:
    """Every operator in ``tree`` whose result is claimed to fit."""
    for node in walk.expressions(tree):
        if isinstance(node, p.Arith | p.Convert) and not node.wraps and not _widens(node):
            yield node


def _widens(node: p.Arith | p.Convert) -> bool:
    """Tell whether this is a conversion that keeps every value of its operand."""
    return isinstance(node, p.Convert) and t.width(node.operand.type) <= t.width(node.type)
