"""Top-level items: one method for each kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import islice, pairwise

from checker import program as p
from checker.base.codes import LayoutCode
from checker.base.diagnostic import Rejected, reject
from checker.base.values import frozen
from checker.language.elaborate.algorithms.statements import AlgorithmElaborator
from checker.language.elaborate.expressions import Derived, Elaborator
from checker.language.elaborate.formulas import FormulaElaborator
from checker.language.elaborate.literals import value_of
from checker.language.elaborate.scenarios import ScenarioElaborator
from checker.language.elaborate.scope import (
    KIND,
    Binding,
    FunctionBinding,
    HandoverBinding,
    ListTypeBinding,
    RecordBinding,
    RegionBinding,
    RuleBinding,
    ScenarioBinding,
    Scope,
    SequenceBinding,
    TypeBinding,
    ValueBinding,
    WindowBinding,
)
from checker.language.elaborate.spending import Spending
from checker.language.elaborate.unknown import unknown
from checker.language.syntax import tree as s
from checker.program import types as t
from checker.program.fold import TRUE


@frozen
class Read:
    """An item that was given its meaning: what its name stands for, the scenario that it is, what that has spent, and
    what was worked out for it and serves the items after it."""

    item: s.Item
    binding: Binding
    scenarios: tuple[p.Scenario, ...]
    spent: Counter[str]
    derived: Derived
    parsed: dict[str, s.Expr]


class ItemElaborator:
    """Gives the items of one file their meaning, in the order in which they stand."""

    def __init__(self, scope: Scope, budget: Spending, known: dict[str, s.Expr] | None = None) -> None:
        self.expressions = Elaborator(budget)
        self.formulas = FormulaElaborator(self.expressions, known)
        self.scope = scope
        self.scenarios: list[p.Scenario] = []
        self._makers: dict[type[s.Item], Callable[[s.Item], Binding]] = {
            s.Constant: self._constant,
            s.Enumeration: self._enumeration,
            s.Record: self._record,
            s.ListType: self._list_type,
            s.Window: self._window,
            s.Function: self._function,
            s.Rule: self._rule,
            s.Algorithm: self._algorithm,
            s.Handover: self._handover,
            s.Scenario: self._scenario,
        }

    def read(self, item: s.Item) -> Read:
        """Give an item its meaning, and remember how that went. Raises `Rejected`."""
        budget = self.expressions.budget
        scenarios, derived, parsed = map(len, (self.scenarios, self.expressions.derived, self.formulas.parsed))
        account = budget.account()
        binding = self.item(item)
        return Read(
            item,
            binding,
            tuple(self.scenarios[scenarios:]),
            budget.account() - account,
            dict(islice(self.expressions.derived.items(), derived, None)),
            dict(islice(self.formulas.parsed.items(), parsed, None)),
        )

    def take(self, read: Read) -> None:
        """Take the meaning that an item had among the same names. Raises `Rejected` where a limit is passed."""
        self.scope.bind(read.item.name, read.binding, read.item.name.span)
        self.scenarios += read.scenarios
        self.expressions.budget.charge(read.spent, read.item.name.span)
        self.expressions.derived.update(read.derived)
        self.formulas.parsed.update(read.parsed)

    def recover(self) -> None:
        """Forget an item that could not be given its meaning, before the next one."""
        self.scope.declaring = ""
        self.expressions.formal = None
        self.expressions.budget.surface()

    def item(self, item: s.Item) -> Binding:
        """Return the binding of the item's name from now on. Raises `Rejected`."""
        known = self.scope.find(item.name)
        if known is None:
            self.scope.declaring = item.name
            known = self._makers[type(item)](item)
            self.scope.declaring = ""
        self.scope.bind(item.name, known, item.name.span)
        return known

    def _constant(self, item: s.Item) -> Binding:
        assert isinstance(item, s.Constant)
        kind = self.expressions.type(item.type, self.scope)
        return ValueBinding(self.expressions.constant(item.value, self.scope, kind))

    def _enumeration(self, item: s.Item) -> Binding:
        assert isinstance(item, s.Enumeration)
        base = self.expressions.type(item.type, self.scope)
        if not isinstance(base, t.Integer) or base.quantity is not t.Quantity.NUMBER:
            raise reject(
                LayoutCode.BAD_MEMBER, f"`{item.type.name}` cannot carry members", item.type.span, "use u8 to u64"
            )
        self._limit_members(item.members)
        members: dict[str, int] = {}
        for member in item.members:
            value, _ = value_of(member)
            if value >= 1 << base.width:
                message = f"{member.digits} does not fit in {base.width} bits"
                raise reject(LayoutCode.LITERAL_TOO_LARGE, message, member.span, "widen the type")
            if member.name in members:
                raise _twice(member.name)
            if item.flags and value == 0:
                raise reject(
                    LayoutCode.BAD_MEMBER, "a flag without bits", member.span, "give it the bits that it stands for"
                )
            if value in members.values():
                message = f"{member.digits} cannot be told apart from another member"
                raise reject(LayoutCode.BAD_MEMBER, message, member.span, "use a value of its own")
            members[member.name] = value
        make = t.Flags if item.flags else t.Enumeration
        kind = make(item.name, base.width, tuple(members.items()))
        for name, value in members.items():
            self.scope.part(name, p.Const(kind, value), TypeBinding(kind))
        return TypeBinding(kind)

    def _record(self, item: s.Item) -> Binding:
        assert isinstance(item, s.Record)
        base = None if item.base is None else self._base(item.base)
        whole = (*(() if base is None else base.members), *item.members)
        self._limit_members(whole)
        self.expressions.budget.spend("expansion", len(whole), item.name.span)
        inherited: frozenset[str] = frozenset(() if base is None else (member.name for member in base.members))
        names: set[str] = {*p.MARKS}
        for member in item.members:
            if member.name in inherited:
                message = f"`{member.name}` is declared in `{item.base}`, which this record extends"
                raise reject(LayoutCode.DUPLICATE_NAME, message, member.name.span, "choose another name")
            if member.name in names:
                raise _twice(member.name)
            names.add(member.name)
        fields = [member for member in item.members if isinstance(member, s.RecordField)]
        placements = [field for field in whole if isinstance(field, s.RecordField) and field.placement]
        typed = tuple((str(field.name), self.expressions.type(field.type, self.scope)) for field in fields)
        preferred = tuple(
            (str(field.name), self.expressions.constant(field.prefer, self.scope, dict(typed)[field.name]).value)
            for field in fields
            if field.prefer is not None
        )
        marks = tuple(str(member.name) for member in item.members if isinstance(member, s.Mark))
        marks += tuple(p.placed_by(field.name) for field in placements[1:] if field in fields)
        before = p.Record("", (), None) if base is None else base.record
        placement = str(placements[0].name) if placements else None
        inputs = (*before.inputs, *typed)
        for field in placements:
            if not getattr(dict(inputs)[field.name], "is_address", False):
                message = f"`{field.name}` is no address to place a region at"
                raise reject(LayoutCode.BAD_RECORD, message, field.type.span, "use pa or va")
        marks = (*before.marks, *marks)
        typed = (*inputs, *((mark, t.BOOL) for mark in marks))
        record = p.Record(item.name, typed, placement, marks, (*before.preferred, *preferred))
        made = RecordBinding(record, item, self.scope.frozen(), base)
        region = RegionBinding("region", made)
        for member in item.members:
            self.scope.part(member.name, self.expressions.region_field(region, member.name), made)
        return made

    def _base(self, name: s.Ident) -> RecordBinding:
        """The record that another one extends."""
        found = self.scope.lookup(name, name.span, (RecordBinding,))
        if not isinstance(found, RecordBinding):
            message = f"`{name}` is {KIND[type(found)]}, not a record"
            raise reject(LayoutCode.UNKNOWN_TYPE, message, name.span, "extend a record")
        return found

    def _list_type(self, item: s.Item) -> Binding:
        assert isinstance(item, s.ListType)
        element = self.scope.lookup(item.element, item.element.span)
        if item.layout and isinstance(element, ListTypeBinding) and not element.layout:
            return ListTypeBinding(item.name, element.element, layout=True)
        if not item.layout and isinstance(element, RecordBinding):
            return ListTypeBinding(item.name, element, layout=False)
        wanted = "a list type" if item.layout else "a record"
        raise reject(LayoutCode.UNKNOWN_TYPE, f"`{item.element}` is not {wanted}", item.element.span, f"name {wanted}")

    def _window(self, item: s.Item) -> Binding:
        assert isinstance(item, s.Window)
        kind = self.expressions.type(item.type, self.scope)
        if not isinstance(kind, t.Integer) or not kind.is_address:
            raise reject(LayoutCode.TYPE_MISMATCH, "a window is a range of addresses", item.type.span, "use pa or va")
        start = self.expressions.constant(item.start, self.scope, kind)
        end = self.expressions.constant(item.end, self.scope, kind)
        if end.value <= start.value:
            place = item.start.span.to(item.end.span)
            raise reject(
                LayoutCode.EMPTY_WINDOW, "this window is empty", place, "the end is exclusive and above the start"
            )
        return WindowBinding(kind, start, end)

    def _function(self, item: s.Item) -> Binding:
        assert isinstance(item, s.Function)
        home, inner = self.scope.frozen(), self.scope.child()
        for parameter in item.parameters:
            record = home.find(parameter.type.name)
            if isinstance(record, RecordBinding) and not parameter.type.window:
                if parameter.default is not None:
                    message = "a region has no default"
                    raise reject(LayoutCode.WRONG_ARGUMENTS, message, parameter.default.span, "remove the default")
                inner.bind(parameter.name, RegionBinding(parameter.name, record), parameter.name.span)
                continue
            kind = self.expressions.type(parameter.type, home)
            if parameter.default is not None:
                self.expressions.expression(parameter.default, home, kind)
            inner.bind(parameter.name, ValueBinding(p.Var(kind, parameter.name)), parameter.name.span)
        self._defaults_last(item.parameters)
        result = self.expressions.type(item.result, home)
        read = partial(self.expressions.expression, item.value, inner, result)
        return FunctionBinding(item, home, self.expressions.reading(item.parameters, read))

    def _rule(self, item: s.Item) -> Binding:
        assert isinstance(item, s.Rule)
        rule = RuleBinding(item, self.scope.frozen())
        self._defaults_last(item.parameters)
        self.formulas.check_defaults(rule)
        formal = [self._formal(parameter) for parameter in item.parameters]
        read = partial(self.formulas.apply, rule, formal, item.name.span, self.scope)
        return replace(rule, constants=self.expressions.reading(item.parameters, read))

    def _formal(self, parameter: s.Parameter) -> Binding | s.Expr:
        """A stand-in argument of the right type, so that a rule is checked even where nothing uses it."""
        binding = self.scope.find(parameter.type.name)
        if isinstance(binding, ListTypeBinding) and not parameter.type.window:
            return SequenceBinding(parameter.name, binding)
        kind = self.expressions.type(s.TypeName(parameter.type.name, span=parameter.type.span), self.scope)
        if parameter.type.window and isinstance(kind, t.Integer):
            return WindowBinding.of(parameter.name, kind)
        return ValueBinding(p.Var(kind, parameter.name))

    def _defaults_last(self, parameters: tuple[s.Parameter, ...]) -> None:
        for before, after in pairwise(parameters):
            if before.default is not None and after.default is None:
                message = f"`{after.name}` has no default, but one before it has"
                raise reject(LayoutCode.WRONG_ARGUMENTS, message, after.span, "put the parameters with defaults last")

    def _algorithm(self, item: s.Item) -> Binding:
        assert isinstance(item, s.Algorithm)
        made = AlgorithmElaborator(self.expressions).algorithm(item, self.scope)
        scalars = {*(name for name, _, _ in made.algorithm.parameters), *made.windows}
        self._defaults_last(tuple(parameter for parameter in item.parameters if parameter.name in scalars))
        return made

    def _handover(self, item: s.Item) -> Binding:
        assert isinstance(item, s.Handover)
        layout = self.scope.find(item.parameter.type.name)
        if not isinstance(layout, ListTypeBinding) or not layout.layout or item.parameter.type.window:
            raise reject(
                LayoutCode.TYPE_MISMATCH, "what is handed over is a layout", item.parameter.span, "take a layout"
            )
        record = layout.element.record
        inner = self.scope.child()
        inner.bind(item.variable, RegionBinding(item.variable, layout.element), item.variable.span)
        where = TRUE if item.where is None else self.expressions.boolean(item.where, inner)
        travel = p.Travel.FORWARD
        if item.travel is not None:
            known = [each.value for each in p.Travel]
            if item.travel not in known:
                raise Rejected(unknown(LayoutCode.UNKNOWN_NAME, "order", item.travel, iter(known), item.travel.span))
            travel = p.Travel(item.travel)
        widths: dict[str, int] = {}
        for field in item.fields:
            if field.name not in dict(record.inputs):
                known_fields = (name for name, _ in record.inputs)
                raise Rejected(
                    unknown(LayoutCode.UNKNOWN_FIELD, "field", field.name, known_fields, field.span, of=record.name)
                )
            if field.name in widths:
                raise _twice(field.name)
            sent = p.Field(record.type_of(field.name), item.variable, field.name)
            self.scope.part(field.name, sent, layout.element)
            kind = self.expressions.type(field.type, self.scope)
            if not isinstance(kind, t.Integer) or kind.quantity is not t.Quantity.NUMBER:
                raise reject(
                    LayoutCode.TYPE_MISMATCH, "a field travels as a plain number", field.type.span, "use u8 to u64"
                )
            widths[str(field.name)] = kind.width
        handover = p.Handover(item.name, item.variable, where, tuple(widths.items()), travel, item.origin, item.span)
        return HandoverBinding(handover, layout)

    def _scenario(self, item: s.Item) -> Binding:
        assert isinstance(item, s.Scenario)
        self.scenarios.append(ScenarioElaborator(self.formulas).scenario(item, self.scope))
        return ScenarioBinding()

    def _limit_members(self, members: tuple[s.Node, ...]) -> None:
        for count, member in enumerate(members, 1):
            self.expressions.budget.hold("members", count, member.span)


def _twice(name: s.Ident) -> Rejected:
    return reject(LayoutCode.DUPLICATE_NAME, f"`{name}` is declared twice", name.span, "choose another name")
