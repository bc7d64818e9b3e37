"""Algorithms: statements, in the core's words, what may be assigned where, which arithmetic must be checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import takewhile
from typing import assert_never

from checker import program as p
from checker.base.codes import LayoutCode
from checker.base.diagnostic import Span, reject
from checker.language.elaborate.algorithms import choices, cuts
from checker.language.elaborate.algorithms.unfinished import Unfinished, region_of
from checker.language.elaborate.expressions import Elaborator
from checker.language.elaborate.formulas import Context, FormulaElaborator
from checker.language.elaborate.scope import (
    KIND,
    AlgorithmBinding,
    ListTypeBinding,
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
        self.unfinished = Unfinished(expressions)
        self.passes = 0
        self.exports = False
        self.keeping: set[Span] = set()
        self.rounds = 1
        """The most rounds in a turn that the loops around a statement may make."""

    def algorithm(self, node: s.Algorithm, scope: Scope) -> AlgorithmBinding:
        """The typed algorithm. Raises `Rejected`."""
        inner = scope.child()
        list_type, map_name = None, ""
        scalars: list[tuple[str, t.Type, p.Const | None]] = []
        beside: list[tuple[str, ListTypeBinding]] = []
        windows: list[str] = []
        for parameter in node.parameters:
            binding = scope.find(parameter.type.name)
            if isinstance(binding, ListTypeBinding) and not parameter.type.window:
                if list_type is not None and binding.element == list_type.element:
                    message = "an algorithm takes one map"
                    raise reject(LayoutCode.WRONG_ARGUMENTS, message, parameter.span, "merge the two maps")
                if binding.layout:
                    message = f"`{binding.name}` is a layout; an algorithm makes one of a map"
                    raise reject(LayoutCode.WRONG_ARGUMENTS, message, parameter.type.span, "take a map")
                if parameter.default is not None:
                    message = "a map has no default"
                    raise reject(LayoutCode.WRONG_ARGUMENTS, message, parameter.default.span, "remove the default")
                another = list_type is not None
                if another:
                    beside.append((parameter.name, binding))
                else:
                    list_type, map_name = binding, parameter.name
                sequence = SequenceBinding(parameter.name, binding, beside=another)
                inner.bind(parameter.name, sequence, parameter.name.span)
                continue
            if parameter.type.window:
                window = self.expressions.unknown_window(parameter.name, parameter.type, scope)
                if parameter.default is not None:
                    message = "a window has no default"
                    raise reject(LayoutCode.WRONG_ARGUMENTS, message, parameter.default.span, "remove the default")
                windows.append(parameter.name)
                scalars += [(f"{parameter.name}.{end}", window.type, None) for end in ("start", "end")]
                inner.bind(parameter.name, window, parameter.name.span)
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
        _require_one_type(body)
        size = self.expressions.budget.spent("expansion") - before
        record = list_type.element.record
        algorithm = p.Algorithm(
            node.name,
            record,
            map_name,
            tuple(scalars),
            body,
            node.origin,
            self.exports,
            node.span,
            list_type.name,
            tuple(map(_target, node.targets)),
            tuple((name, kind.element.record) for name, kind in beside),
        )
        return AlgorithmBinding(
            algorithm, list_type, any(walk.checked_arithmetic(body)), size, tuple(beside), tuple(windows)
        )

    def _block(
        self, nodes: tuple[s.Statement, ...], scope: Scope, region: RegionBinding | None
    ) -> tuple[p.Statement, ...]:
        inner = scope.child()
        statements: list[p.Statement] = []
        for index, node in enumerate(nodes):
            statements += (replace(each, span=node.span) for each in self._statement(node, inner, region))
            if isinstance(node, s.Leave | s.Split | s.Keep) and index + 1 < len(nodes):
                last = node.exit if isinstance(node, s.Leave) else type(node).__name__.lower()
                message = f"nothing after `{last}` is ever done"
                raise reject(LayoutCode.UNREACHABLE, message, nodes[index + 1].span, "remove it, or put it before")
        return tuple(statements)

    def _statement(self, node: s.Statement, scope: Scope, region: RegionBinding | None) -> tuple[p.Statement, ...]:
        """The core statements that a statement means."""
        match node:
            case s.Let():
                return (self._let(node, scope),)
            case s.Choose():
                return (choices.choose(self.unfinished, node, scope, region),)
            case s.Assign(field=None):
                return (self._assign(node, scope),)
            case s.Assign():
                return (self._assign_field(node, scope, region),)
            case s.Place():
                return self._place(node, scope, region)
            case s.Split():
                return (cuts.split(self.unfinished, node, scope, region),)
            case s.Act():
                return self._act(node, scope, region)
            case s.Leave(exit=leave):
                if region is None:
                    raise reject(LayoutCode.OUTSIDE_PASS, f"`{leave}` outside a pass", node.span, "use it inside `for`")
                return (p.Leave(p.Exit.TURN if leave is s.Exit.CONTINUE else p.Exit.PASS),)
            case s.If(condition=condition, then=then, otherwise=otherwise):
                test = self.expressions.boolean(condition, scope)
                branches = self._block(then, scope, region), self._block(otherwise, scope, region)
                return (p.If(test, *branches),)
            case s.While():
                return self._while(node, scope, region)
            case s.Keep(previous=name):
                found = region_of(name, node.span, scope, region, of_turn=False)
                if found.of_turn:
                    message = f"`{name}` is the region whose turn it is, not the one before"
                    remedy = "name the one before: `for r in map with previous q { ... keep q }`"
                    raise reject(LayoutCode.WRONG_OPERAND, message, name.span, remedy)
                self.keeping.add(node.span)
                return (p.Leave(p.Exit.TURN),)
            case s.For():
                return self._pass(node, scope, region)
            case s.Invariant():
                message = "an invariant stands at the beginning of a pass"
                remedy = "move it behind the `{` of `for`, before all that the pass does"
                raise reject(LayoutCode.FORMULA_MISPLACED, message, node.span, remedy)
            case _:
                raise AssertionError(node)

    def _while(self, node: s.While, scope: Scope, region: RegionBinding | None) -> tuple[p.Statement, ...]:
        most = self.expressions.constant(node.most, scope, t.U64).value
        outer, self.rounds = self.rounds, self.rounds * max(1, most)
        self.expressions.budget.hold("rounds", self.rounds, node.most.span)
        for each in _inside(node.body):
            if isinstance(each, s.Leave | s.Keep | s.Split | s.Choose | s.For | s.Invariant):
                word = each.span.text.split()[0]
                message = f"`{word}` cannot stand in a `while`"
                remedy = "say in its condition when it ends" if isinstance(each, s.Leave) else "put it before or behind"
                raise reject(LayoutCode.FORMULA_MISPLACED, message, each.span, remedy)
        before = self.expressions.budget.spent("expansion")
        condition = self.expressions.boolean(node.condition, scope)
        body = self._block(node.body, scope, region)
        self.rounds = outer
        once = self.expressions.budget.spent("expansion") - before
        self.expressions.budget.spend("expansion", once * most, node.span)
        return lower.repeat(condition, most, body, node.span)

    def _let(self, node: s.Let, scope: Scope) -> p.Statement:
        expected = self.expressions.type(node.type, scope) if node.type is not None else None
        value = self.expressions.expression(node.value, scope, expected)
        scope.bind(node.name, ValueBinding(p.Var(value.type, node.name), node.mutable), node.name.span)
        return p.Declare(node.name, value.type, value)

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
            remedy = "assign to what `var` declares"
            if isinstance(binding, ValueBinding):
                remedy = f"declare it by `var {node.target}: {binding.value.type.name} = ...`"
                remedy += "; of what is a parameter or a `const`, change a copy"
            raise reject(LayoutCode.NOT_ASSIGNABLE, message, node.target.span, remedy)
        return p.Assign(node.target, self._assigned(node, binding.value, scope))

    def _assign_field(self, node: s.Assign, scope: Scope, region: RegionBinding | None) -> p.Statement:
        found = region_of(node.target, node.span, scope, region, of_turn=False)
        assert node.field is not None
        attribute = s.Attribute(s.Name(node.target, span=node.target.span), node.field, span=node.field.span)
        target = self.expressions.expression(attribute, scope)
        if not isinstance(target, p.Field) or node.field in p.MARKS or target.name != node.field:
            remedy = "assign to a field of the record"
            raise reject(LayoutCode.NOT_ASSIGNABLE, f"`{node.field}` is computed", node.field.span, remedy)
        record = found.record.record
        if node.field in record.placements:
            named = "" if node.field == record.placement else f".{node.field}"
            remedy = f"write `place {node.target}{named} at ...`"
            raise reject(LayoutCode.NOT_ASSIGNABLE, f"`{node.field}` is set by `place`", node.field.span, remedy)
        return p.SetField(found.variable, node.field, self._assigned(node, target, scope))

    def _act(self, node: s.Act, scope: Scope, region: RegionBinding | None) -> tuple[p.Statement, ...]:
        match node.act:
            case s.RegionAct.EXPORT:
                self.exports = True
                return (p.Export(region_of(node.region, node.span, scope, region).variable),)
            case s.RegionAct.DROP:
                return lower.drop(region_of(node.region, node.span, scope, region).variable)
            case s.RegionAct.UNPLACE:
                found, placement = self._with_place(node.region, node.field, node.span, scope, region)
                return lower.unplace(found.variable, found.record.record.placed(placement))
            case _:
                assert_never(node.act)

    def _with_place(
        self, name: s.Ident, field: s.Ident | None, span: Span, scope: Scope, region: RegionBinding | None
    ) -> tuple[RegionBinding, str]:
        """Return a region that can be placed, and the field that says where it is: the one that is named, or the
        first."""
        found = region_of(name, span, scope, region)
        record = found.record.record
        if record.placement is None:
            message = f"`{record.name}` has no `placed at` field"
            raise reject(LayoutCode.BAD_RECORD, message, name.span, "declare one in the record")
        if field is None:
            return found, record.placement
        scope.part(field, self.expressions.region_field(found, field), found.record)
        if field not in record.placements:
            message = f"`{field}` is no `placed at` field"
            remedy = f"name {' or '.join(f'`{each}`' for each in record.placements)}"
            raise reject(LayoutCode.NOT_ASSIGNABLE, message, field.span, remedy)
        return found, str(field)

    def _place(self, node: s.Place, scope: Scope, region: RegionBinding | None) -> tuple[p.Statement, ...]:
        found, placement = self._with_place(node.region, node.field, node.span, scope, region)
        record = found.record.record
        address = self.expressions.expression(node.address, scope, record.type_of(placement))
        return lower.place(found.variable, placement, address, record.placed(placement))

    def _pass(self, node: s.For, scope: Scope, region: RegionBinding | None) -> tuple[p.Statement, ...]:
        self.passes += 1
        self.expressions.budget.hold("passes", self.passes, node.span)
        sequence = scope.lookup(node.sequence, node.sequence.span)
        if not isinstance(sequence, SequenceBinding):
            message = f"`{node.sequence}` is {KIND[type(sequence)]}, not a map"
            raise reject(LayoutCode.WRONG_OPERAND, message, node.sequence.span, "go over the map")
        if self.unfinished.within and (
            len(self.unfinished.within) > 1 or sequence.beside == self.unfinished.within[0].beside
        ):
            raise reject(LayoutCode.NESTED_PASS, "a pass inside a pass", node.span, "carry what is needed in a `var`")
        binding = sequence.region(node.variable)
        inner = scope.child()
        inner.bind(node.variable, binding, node.variable.span)
        outside = scope.child()
        if node.previous is not None:
            before = replace(sequence.region(node.previous), visits=True, of_turn=False)
            inner.bind(node.previous, before, node.previous.span)
            outside.bind(node.previous, before, node.previous.span)
        where = fold.TRUE if node.where is None else self.expressions.boolean(node.where, inner)
        said = tuple(takewhile(lambda each: isinstance(each, s.Invariant), node.body))
        if said and (self.unfinished.within or sequence.beside):
            message = "an invariant is said of a pass over the map that stands in no other"
            raise reject(LayoutCode.FORMULA_MISPLACED, message, said[0].span, "say it of such a pass")
        invariants = tuple(self._invariants(said, sequence, outside))
        self.unfinished.within.append(sequence)
        body = self._block(node.body[len(said) :], inner, binding)
        self.unfinished.within.pop()
        cuts.refuse_room(body)
        self.unfinished.split = self.unfinished.split or walk.has_split(body)
        beside = sequence.name if sequence.beside else ""
        key = "" if node.key is None else self._key(node, inner, binding, body)
        made = p.Pass(node.variable, node.reversed, where, body, invariants, beside, key, span=node.span)
        if node.previous is None:
            return (made,)
        if sequence.beside or self.unfinished.within or walk.has_pass(body):
            message = "the region before is one of a pass over the map that stands in no other, and has none in it"
            remedy = "carry what is needed in a `var`"
            raise reject(LayoutCode.NESTED_PASS, message, node.previous.span, remedy)
        if walk.has_split(body):
            message = f"a region that is split cannot be `{node.previous}`"
            raise reject(LayoutCode.NESTED_PASS, message, node.previous.span, "split it in a pass of its own")
        if any(isinstance(each, p.Choose) and each.room is not None for each in walk.statements(body)):
            message = "room beside other regions is not asked for where one of these may be changed in the turn"
            raise reject(LayoutCode.NESTED_PASS, message, node.previous.span, "choose in a pass of its own")
        kinds = dict(binding.record.record.fields)
        return lower.with_previous(made, node.previous, frozenset(self.keeping), lambda name: kinds.get(name, t.BOOL))

    def _key(self, node: s.For, scope: Scope, region: RegionBinding, body: tuple[p.Statement, ...]) -> str:
        """The field by which a pass goes: a number of its region, which it does not write."""
        assert node.key is not None
        name, field = node.key
        place = name.span.to(field.span)
        found = self.expressions.expression(s.Attribute(s.Name(name, span=name.span), field, span=place), scope)
        if not isinstance(found, p.Field) or found.region != region.variable or not isinstance(found.type, t.Integer):
            message = "a pass goes by a number that is a field of its region"
            raise reject(LayoutCode.WRONG_OPERAND, message, place, f"write `by {node.variable}.` and such a field")
        if region.beside or self.unfinished.within or walk.has_pass(body) or walk.has_split(body):
            message = "a pass by a key goes over the map, stands in no other, has none in it, and splits nothing"
            raise reject(LayoutCode.NESTED_PASS, message, place, "go over the regions as they stand")
        if found.name in walk.writes(body):
            message = f"the pass goes by `{field}`, which it changes"
            raise reject(LayoutCode.NOT_ASSIGNABLE, message, place, "change it in a pass of its own")
        return found.name

    def _invariants(
        self, nodes: tuple[s.Statement, ...], sequence: SequenceBinding, scope: Scope
    ) -> Iterator[p.Conjunct]:
        """All that is said of a pass: of the variables outside it, and of the map, which is on its way to a layout."""
        on_its_way = SequenceBinding(sequence.name, replace(sequence.type, layout=True), visits=True)
        inner = Scope({sequence.name: on_its_way}, scope)
        formulas = FormulaElaborator(self.expressions)
        for node in (formula for each in nodes if isinstance(each, s.Invariant) for formula in each.formulas):
            for conjunct in formulas.formula(node, inner, Context("invariant")):
                match conjunct.formula:
                    case p.ForAll(relation=p.Relation.ANY | p.Relation.BEFORE, indices=()) | p.Plain() as formula:
                        # Also where a rule says it: what is stated, and may not hold, stands here.
                        yield replace(conjunct, formula=replace(formula, span=node.span))
                    case _:
                        message = "an invariant is about variables, about each region, or about each pair"
                        remedy = "write `each r in map: ...`, `each a, b in map: ...` or `each a before b in map: ...`"
                        raise reject(LayoutCode.FORMULA_MISPLACED, message, node.span, remedy)


def _require_one_type(body: tuple[p.Statement, ...]) -> None:
    """Refuse variables of one name and of two types beside a pass over a list beside the map: the loop of such a pass
    keeps them under their names. Raises `Rejected`."""
    if not any(isinstance(each, p.Pass) and each.beside for each in walk.statements(body)):
        return
    types: dict[str, t.Type] = {}
    for each in walk.statements(body):
        if isinstance(each, p.Declare | p.Choose) and types.setdefault(each.name, each.type) != each.type:
            message = f"`{each.name}` has two types, in an algorithm that looks at a list beside the map"
            raise reject(LayoutCode.DUPLICATE_NAME, message, each.span, "give one of the two another name")


def _inside(nodes: Iterable[s.Node]) -> Iterator[s.Node]:
    """All that stands in some statements, themselves among it."""
    for node in nodes:
        yield node
        yield from _inside(node.children())


def _target(text: s.Ident) -> p.Target:
    """The kind of machine that a text of an algorithm names."""
    target = p.read_target(text)
    if target is None:
        message = f"`{text}` does not say of which system an algorithm is"
        help = (
            'write a system, its versions, and what its machines have: "Linux 4.3 and later, x86_64, 64-bit firmware"'
        )
        raise reject(LayoutCode.BAD_TARGET, message, text.span, help)
    return target
