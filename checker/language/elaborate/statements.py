"""Algorithms: statements, in the core's words, what may be assigned where, which arithmetic must be checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import takewhile
from typing import assert_never

from checker import program as p
from checker.base.codes import LayoutCode
from checker.base.diagnostic import Span, reject
from checker.language.elaborate.expressions import Elaborator
from checker.language.elaborate.formulas import Context, FormulaElaborator
from checker.language.elaborate.operators import describe, step_type
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

CHOOSE_BEFORE = "choose before the regions are split, or outside the pass"


class AlgorithmElaborator:
    """Types one algorithm."""

    def __init__(self, expressions: Elaborator) -> None:
        self.expressions = expressions
        self.passes = 0
        self.exports = False
        self.split = False
        self.keeping: set[Span] = set()
        self.chosen: set[str] = set()
        self.within: list[SequenceBinding] = []
        """The lists of the passes around what is read, the outermost first."""
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
                return (self._choose(node, scope, region),)
            case s.Assign(field=None):
                return (self._assign(node, scope),)
            case s.Assign():
                return (self._assign_field(node, scope, region),)
            case s.Place():
                return self._place(node, scope, region)
            case s.Split():
                return (self._split(node, scope, region),)
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
                found = self._region(name, node.span, scope, region, of_turn=False)
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

    def _choose(self, node: s.Choose, scope: Scope, region: RegionBinding | None) -> p.Statement:
        if region is not None and self.split:
            message = "what is chosen in a pass is chosen for a region of the map, and here it may be a piece of one"
            raise reject(LayoutCode.CHOSEN_FOR_PIECES, message, node.span, CHOOSE_BEFORE)
        kind = self.expressions.type(node.type, scope)
        if any(each.beside for each in self.within):
            message = "nothing is chosen in a pass over a list beside the map, nor inside one"
            raise reject(LayoutCode.WRONG_OPERAND, message, node.span, "choose before that pass, and keep the value")
        if isinstance(kind, t.Boolean) and node.low is None:
            self._choose_once(node)
            scope.bind(node.name, ValueBinding(p.Var(kind, node.name)), node.name.span)
            return lower.choose_truth(node.name)
        if not isinstance(kind, t.Integer):
            message = f"{describe(kind)} has no order, so no range to choose from"
            remedy = "choose a number, then convert it with `as`"
            if isinstance(kind, t.Boolean):
                remedy = f"write `choose {node.name}: bool`"
            raise reject(LayoutCode.WRONG_OPERAND, message, node.type.span, remedy)
        if node.low is None or node.high is None:
            message = f"a {kind.name} is chosen from a range"
            remedy = f"write `choose {node.name}: {kind.name} in A .. B`"
            raise reject(LayoutCode.WRONG_OPERAND, message, node.type.span, remedy)
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
        room = None if node.apart is None else self._room(node.apart, kind, scope, region)
        self._choose_once(node)
        scope.bind(node.name, ValueBinding(p.Var(kind, node.name)), node.name.span)
        return p.Choose(node.name, kind, low, high, alignment, room)

    def _room(self, node: s.Apart, kind: t.Integer, scope: Scope, region: RegionBinding | None) -> p.Clearance:
        """The room that an address has to have: for the region whose turn it is, beside all others."""
        if region is None:
            message = "room is for the region whose turn it is, beside all others that are placed"
            raise reject(LayoutCode.OUTSIDE_PASS, message, node.span, "choose inside `for`")
        record = region.record.record
        places = tuple((name, record.placed(name)) for name in record.placements if record.type_of(name) == kind)
        if not places:
            message = f"regions of `{record.name}` are placed at no {describe(kind)}"
            names = " or ".join(f"`{record.type_of(each).name}`" for each in record.placements) or "a `placed at` field"
            raise reject(LayoutCode.TYPE_MISMATCH, message, node.span, f"choose an address of the type of {names}")
        size = self.expressions.expression(node.size, scope, t.BYTES)
        if walk.scalars_read(size) or walk.regions_read(size) - {region.variable}:
            message = f"how much room a region takes is told by the fields of `{region.variable}` alone"
            raise reject(LayoutCode.WRONG_OPERAND, message, node.size.span, f"write `apart by {region.variable}.size`")
        return p.Clearance(region.variable, places, size)

    def _choose_once(self, node: s.Choose) -> None:
        if node.name in self.chosen:
            message = f"`{node.name}` is chosen in two places"
            raise reject(LayoutCode.DUPLICATE_NAME, message, node.name.span, "choose under another name")
        self.chosen.add(node.name)

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

    def _region(
        self, name: s.Ident, span: Span, scope: Scope, region: RegionBinding | None, *, of_turn: bool = True
    ) -> RegionBinding:
        """The region that a name stands for; the one whose turn it is, unless ``of_turn`` is false."""
        if region is None:
            raise reject(LayoutCode.OUTSIDE_PASS, "there is no region outside a pass", span, "use it inside `for`")
        binding = scope.lookup(name, name.span)
        if not isinstance(binding, RegionBinding):
            message = f"`{name}` is {KIND[type(binding)]}, not a region"
            raise reject(LayoutCode.WRONG_OPERAND, message, name.span, f"use `{region.variable}`")
        if binding.beside:
            message = f"`{name}` is of a list beside the map, which nothing changes"
            raise reject(LayoutCode.NOT_ASSIGNABLE, message, name.span, "change a region of the map, or a `var`")
        if of_turn and not binding.of_turn:
            message = f"`{name}` has had its turn: its fields can be set, and nothing else be done to it"
            raise reject(LayoutCode.WRONG_OPERAND, message, name.span, f"use `{region.variable}`")
        return binding

    def _assign_field(self, node: s.Assign, scope: Scope, region: RegionBinding | None) -> p.Statement:
        found = self._region(node.target, node.span, scope, region, of_turn=False)
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
                return (p.Export(self._region(node.region, node.span, scope, region).variable),)
            case s.RegionAct.DROP:
                return lower.drop(self._region(node.region, node.span, scope, region).variable)
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
        found = self._region(name, span, scope, region)
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

    def _split(self, node: s.Split, scope: Scope, region: RegionBinding | None) -> p.Statement:
        if self.within and self.within[-1].beside:
            message = "a region that is split ends its turn, and here the turn is of an entry of another list"
            remedy = "make the pass over the map the inner one: for each entry, walk the map"
            raise reject(LayoutCode.NESTED_PASS, message, node.span, remedy)
        found = self._region(node.region, node.span, scope, region)
        extent = self._extent(found, node.region.span)
        kind = found.record.record.type_of(extent.start)
        return p.Split(
            found.variable, extent, tuple(self.expressions.expression(each, scope, kind) for each in node.cuts)
        )

    def _extent(self, region: RegionBinding, span: Span) -> p.Extent:
        """The fields by which a record says where a region begins and how long it is: those of these types, if there
        is one of each. Pages are as large as the record's derived values take them to be."""
        record = region.record.record
        integers = [(n, k) for n, k in record.inputs if isinstance(k, t.Integer) and n not in record.placements]
        starts = [name for name, kind in integers if kind.quantity is t.Quantity.PHYSICAL]
        lengths = [(n, k) for n, k in integers if k.quantity in (t.Quantity.PAGES, t.Quantity.BYTES)]
        if len(starts) != 1 or len(lengths) != 1:
            message = f"`{record.name}` does not say where a region begins and ends"
            remedy = "a record whose regions are split has one field of type `pa`, and one of type `pages` or `bytes`"
            raise reject(LayoutCode.BAD_RECORD, message, span, remedy)
        ((length, kind),) = lengths
        if kind.quantity is t.Quantity.BYTES:
            return p.Extent(starts[0], length, 1)
        members = [each.name for each in region.record.members if isinstance(each, s.Derived)]
        derived = [self.expressions.region_field(region, each) for each in members]
        products = [e for e in walk.expressions(tuple(derived)) if isinstance(e, p.Arith) and e.op is p.Op.MUL]
        sides = [pair for e in products for pair in ((e.left, e.right), (e.right, e.left))]
        counted = p.Field(kind, region.variable, length)
        pages = {by.value for of, by in sides if of == counted and isinstance(by, p.Const) and by.type == t.BYTES}
        if len(pages) != 1:
            message = f"`{record.name}` does not say how large a page is"
            remedy = f"add `derive size: bytes = {length} * EFI_PAGE` to the record"
            raise reject(LayoutCode.BAD_RECORD, message, span, remedy)
        return p.Extent(starts[0], length, pages.pop())

    def _pass(self, node: s.For, scope: Scope, region: RegionBinding | None) -> tuple[p.Statement, ...]:
        self.passes += 1
        self.expressions.budget.hold("passes", self.passes, node.span)
        sequence = scope.lookup(node.sequence, node.sequence.span)
        if not isinstance(sequence, SequenceBinding):
            message = f"`{node.sequence}` is {KIND[type(sequence)]}, not a map"
            raise reject(LayoutCode.WRONG_OPERAND, message, node.sequence.span, "go over the map")
        if self.within and (len(self.within) > 1 or sequence.beside == self.within[0].beside):
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
        if said and (self.within or sequence.beside):
            message = "an invariant is said of a pass over the map that stands in no other"
            raise reject(LayoutCode.FORMULA_MISPLACED, message, said[0].span, "say it of such a pass")
        invariants = tuple(self._invariants(said, sequence, outside))
        self.within.append(sequence)
        body = self._block(node.body[len(said) :], inner, binding)
        self.within.pop()
        self.split = self.split or walk.has_split(body)
        beside = sequence.name if sequence.beside else ""
        key = "" if node.key is None else self._key(node, inner, binding, body)
        made = p.Pass(node.variable, node.reversed, where, body, invariants, beside, key, span=node.span)
        if node.previous is None:
            return (made,)
        if sequence.beside or self.within or walk.has_pass(body):
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
        if region.beside or self.within or walk.has_pass(body) or walk.has_split(body):
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
