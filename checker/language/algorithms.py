"""Algorithms: statements, what may be assigned where, which arithmetic must be checked."""

from __future__ import annotations

from checker.language import constants as fold
from checker.language import program as p
from checker.language import syntax as s
from checker.language import types as t
from checker.language.codes import Code
from checker.language.expressions import Elaborator
from checker.language.scope import (
    KIND,
    AlgorithmBinding,
    ListTypeBinding,
    RecordBinding,
    RegionBinding,
    Scope,
    SequenceBinding,
    ValueBinding,
    reject,
)

MAX_PASSES = 16
"""How many passes one algorithm may make; each is a loop to find invariants for."""


class AlgorithmElaborator:
    """Types one algorithm."""

    def __init__(self, expressions: Elaborator) -> None:
        self.expressions = expressions
        self.passes = 0
        self.exports = False

    def algorithm(self, node: s.Algorithm, scope: Scope) -> AlgorithmBinding:
        """The typed algorithm. Raises `Rejected`."""
        inner = scope.child()
        list_type, map_name = None, ""
        scalars: list[tuple[str, t.Type, p.Const | None]] = []
        for parameter in node.parameters:
            binding = scope.find(parameter.type.name)
            if isinstance(binding, ListTypeBinding) and not parameter.type.window:
                if list_type is not None:
                    raise reject(
                        Code.WRONG_ARGUMENTS,
                        "an algorithm takes one map",
                        parameter.span,
                        "merge the two maps",
                    )
                list_type, map_name = binding, parameter.name
                inner.bind(parameter.name, SequenceBinding(parameter.name, binding), parameter.span)
                continue
            kind = self.expressions.type(parameter.type, scope)
            default = (
                self.expressions.constant(parameter.default, scope, kind) if parameter.default is not None else None
            )
            scalars.append((parameter.name, kind, default))
            inner.bind(parameter.name, ValueBinding(p.Var(kind, parameter.name)), parameter.span)
        if list_type is None:
            raise reject(Code.WRONG_ARGUMENTS, "an algorithm needs a map to lay out", node.span, "add `map: MemoryMap`")
        body = self._block(node.body, inner, None)
        record = list_type.element.record
        algorithm = p.Algorithm(
            node.name, record, map_name, tuple(scalars), body, node.origin, self.exports, node.span
        )  # fmt: skip
        return AlgorithmBinding(algorithm, list_type)

    def _block(
        self, nodes: tuple[s.Statement, ...], scope: Scope, region: RegionBinding | None
    ) -> tuple[p.Statement, ...]:
        inner = scope.child()
        statements = []
        for index, node in enumerate(nodes):
            statements.append(self._statement(node, inner, region))
            if isinstance(node, s.Leave) and index + 1 < len(nodes):
                raise reject(
                    Code.UNREACHABLE,
                    f"nothing after `{node.exit}` is ever done",
                    nodes[index + 1].span,
                    "remove it",
                )
        return tuple(statements)

    def _statement(self, node: s.Statement, scope: Scope, region: RegionBinding | None) -> p.Statement:
        match node:
            case s.Let():
                return self._let(node, scope)
            case s.Choose():
                return self._choose(node, scope)
            case s.Assign(field=None):
                return self._assign(node, scope)
            case s.Assign():
                return self._assign_field(node, scope, region)
            case s.Place():
                return self._place(node, scope, region)
            case s.Act(act=act, region=name):
                found = self._region(name, node, scope, region)
                if act is s.RegionAct.EXPORT:
                    self.exports = True
                    return p.Export(found.variable)
                return p.Drop(found.variable)
            case s.Leave(exit=leave):
                if region is None:
                    raise reject(Code.OUTSIDE_PASS, f"`{leave}` outside a pass", node.span, "use it inside `for`")
                return p.Continue() if leave is s.Exit.CONTINUE else p.Break()
            case s.If(condition=condition, then=then, otherwise=otherwise):
                return p.If(
                    self.expressions.boolean(condition, scope),
                    self._block(then, scope, region),
                    self._block(otherwise, scope, region),
                )
            case s.For():
                return self._pass(node, scope, region)
        raise AssertionError(node)

    def _let(self, node: s.Let, scope: Scope) -> p.Statement:
        expected = self.expressions.type(node.type, scope) if node.type is not None else None
        value = self.expressions.expression(node.value, scope, expected)
        scope.bind(node.name, ValueBinding(p.Var(value.type, node.name), node.mutable), node.span)
        return p.Declare(node.name, value.type, value)

    def _choose(self, node: s.Choose, scope: Scope) -> p.Statement:
        kind = self.expressions.type(node.type, scope)
        low, high = (self.expressions.expression(e, scope, kind) for e in (node.low, node.high))
        alignment = 1
        if node.alignment is not None:
            step = t.BYTES if isinstance(kind, t.Integer) and kind.is_address else kind
            alignment = self.expressions.constant(node.alignment, scope, step).value
            if alignment == 0:
                raise reject(
                    Code.DIVISION_BY_ZERO,
                    "alignment to zero",
                    node.alignment.span,
                    "use an alignment above 0",
                )
        scope.bind(node.name, ValueBinding(p.Var(kind, node.name)), node.span)
        return p.Choose(node.name, kind, low, high, alignment)

    def _assigned(self, node: s.Assign, target: p.Expr, scope: Scope) -> p.Expr:
        """The new value: for ``+=`` and its like, the operator applied to the old one."""
        if node.operator == "=":
            return self.expressions.expression(node.value, scope, target.type)
        old = s.Name(node.target, span=node.span)
        left: s.Expr = old if node.field is None else s.Attribute(old, node.field, span=node.span)
        compound = s.Binary(node.operator[:-1], left, node.value, span=node.span)
        return self.expressions.expression(compound, scope, target.type)

    def _assign(self, node: s.Assign, scope: Scope) -> p.Statement:
        binding = scope.lookup(node.target, node.span)
        if not isinstance(binding, ValueBinding) or not binding.mutable:
            kind = KIND[type(binding)]
            raise reject(
                Code.NOT_ASSIGNABLE,
                f"`{node.target}` is {kind} that cannot change",
                node.span,
                "declare it with `var`",
            )
        return p.Assign(node.target, self._assigned(node, binding.value, scope))

    def _region(self, name: str, node: s.Statement, scope: Scope, region: RegionBinding | None) -> RegionBinding:
        if region is None:
            raise reject(Code.OUTSIDE_PASS, "there is no region outside a pass", node.span, "use it inside `for`")
        binding = scope.lookup(name, node.span)
        if not isinstance(binding, RegionBinding):
            raise reject(
                Code.WRONG_OPERAND,
                f"`{name}` is {KIND[type(binding)]}, not a region",
                node.span,
                f"use `{region.variable}`",
            )
        return binding

    def _assign_field(self, node: s.Assign, scope: Scope, region: RegionBinding | None) -> p.Statement:
        found = self._region(node.target, node, scope, region)
        assert node.field is not None
        attribute = s.Attribute(s.Name(node.target, span=node.span), node.field, span=node.span)
        target = self.expressions.expression(attribute, scope)
        if not isinstance(target, p.Field) or node.field in (p.PLACED, p.EXPORTED):
            raise reject(
                Code.NOT_ASSIGNABLE,
                f"`{node.field}` is computed",
                node.span,
                "assign to a field of the record",
            )
        if node.field == found.record.record.placement:
            raise reject(
                Code.NOT_ASSIGNABLE,
                f"`{node.field}` is set by `place`",
                node.span,
                f"write `place {node.target} at ...`",
            )
        return p.SetField(found.variable, node.field, self._assigned(node, target, scope))

    def _place(self, node: s.Place, scope: Scope, region: RegionBinding | None) -> p.Statement:
        found = self._region(node.region, node, scope, region)
        record = found.record.record
        if record.placement is None:
            raise reject(
                Code.BAD_RECORD,
                f"{record.name} has no `placed at` field",
                node.span,
                "declare one in the record",
            )
        address = self.expressions.expression(node.address, scope, record.type_of(record.placement))
        return p.Place(found.variable, record.placement, address)

    def _pass(self, node: s.For, scope: Scope, region: RegionBinding | None) -> p.Statement:
        if region is not None:
            raise reject(Code.NESTED_PASS, "a pass inside a pass", node.span, "carry what is needed in a `var`")
        self.passes += 1
        if self.passes > MAX_PASSES:
            raise reject(Code.TOO_MANY, f"more than {MAX_PASSES} passes", node.span, "merge passes")
        sequence = scope.lookup(node.sequence, node.span)
        if not isinstance(sequence, SequenceBinding):
            raise reject(
                Code.WRONG_OPERAND,
                f"`{node.sequence}` is {KIND[type(sequence)]}, not a map",
                node.span,
                "go over the map",
            )
        element: RecordBinding = sequence.type.element
        binding = RegionBinding(node.variable, element)
        inner = scope.child()
        inner.bind(node.variable, binding, node.span)
        where = fold.TRUE if node.where is None else self.expressions.boolean(node.where, inner)
        return p.Pass(node.variable, node.reversed, where, self._block(node.body, inner, binding), node.span)
