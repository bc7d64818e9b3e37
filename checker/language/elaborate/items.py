"""Top-level items: one method for each kind."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from checker import program as p
from checker.base.codes import LayoutCode
from checker.base.diagnostic import Rejected, reject
from checker.language.elaborate.expressions import Elaborator
from checker.language.elaborate.formulas import FormulaElaborator
from checker.language.elaborate.literals import value_of
from checker.language.elaborate.scenarios import ScenarioElaborator
from checker.language.elaborate.scope import (
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
    unknown,
)
from checker.language.elaborate.spending import Spending
from checker.language.elaborate.statements import AlgorithmElaborator
from checker.language.syntax import tree as s
from checker.program import types as t
from checker.program.fold import TRUE


class ItemElaborator:
    """Gives the items of one file their meaning, in the order in which they stand."""

    def __init__(self, scope: Scope, budget: Spending) -> None:
        self.expressions = Elaborator(budget)
        self.formulas = FormulaElaborator(self.expressions)
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
        return TypeBinding(make(item.name, base.width, tuple(members.items())))

    def _record(self, item: s.Item) -> Binding:
        assert isinstance(item, s.Record)
        self._limit_members(item.members)
        names: set[str] = {*p.MARKS}
        for member in item.members:
            if member.name in names:
                raise _twice(member.name)
            names.add(member.name)
        fields = [member for member in item.members if isinstance(member, s.RecordField)]
        derived = tuple(member for member in item.members if isinstance(member, s.Derived))
        placements = [field for field in fields if field.placement]
        if len(placements) > 1:
            message = "a region is placed at one address"
            raise reject(LayoutCode.BAD_RECORD, message, placements[1].span, "keep one `placed at`")
        marks = tuple(str(member.name) for member in item.members if isinstance(member, s.Mark))
        typed = tuple((str(field.name), self.expressions.type(field.type, self.scope)) for field in fields)
        typed += tuple((mark, t.BOOL) for mark in marks)
        preferred = tuple(
            (str(field.name), self.expressions.constant(field.prefer, self.scope, dict(typed)[field.name]).value)
            for field in fields
            if field.prefer is not None
        )
        placement = placements[0].name if placements else None
        if placements and not getattr(dict(typed)[placements[0].name], "is_address", False):
            message = f"`{placement}` is no address to place a region at"
            raise reject(LayoutCode.BAD_RECORD, message, placements[0].type.span, "use pa or va")
        record = RecordBinding(p.Record(item.name, typed, placement, marks, preferred), derived, self.scope.frozen())
        for value in derived:
            self.expressions.region_field("region", record, value.name)
        return record

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
            kind = self.expressions.type(parameter.type, home)
            if parameter.default is not None:
                self.expressions.expression(parameter.default, home, kind)
            inner.bind(parameter.name, ValueBinding(p.Var(kind, parameter.name)), parameter.name.span)
        self._defaults_last(item.parameters)
        self.expressions.expression(item.value, inner, self.expressions.type(item.result, home))
        return FunctionBinding(item, home)

    def _rule(self, item: s.Item) -> Binding:
        assert isinstance(item, s.Rule)
        rule = RuleBinding(item, self.scope.frozen())
        self._defaults_last(item.parameters)
        self.formulas.check_defaults(rule)
        formal = [self._formal(parameter) for parameter in item.parameters]
        self.formulas.formal = True
        self.formulas.apply(rule, formal, item.name.span, self.scope)
        self.formulas.formal = False
        return rule

    def _formal(self, parameter: s.Parameter) -> Binding | s.Expr:
        """A stand-in argument of the right type, so that a rule is checked even where nothing uses it."""
        binding = self.scope.find(parameter.type.name)
        if isinstance(binding, ListTypeBinding) and not parameter.type.window:
            return SequenceBinding(parameter.name, binding)
        kind = self.expressions.type(s.TypeName(parameter.type.name, span=parameter.type.span), self.scope)
        if parameter.type.window and isinstance(kind, t.Integer):
            return WindowBinding(kind, p.Var(kind, f"{parameter.name}.start"), p.Var(kind, f"{parameter.name}.end"))
        return ValueBinding(p.Var(kind, parameter.name))

    def _defaults_last(self, parameters: tuple[s.Parameter, ...]) -> None:
        for before, after in pairwise(parameters):
            if before.default is not None and after.default is None:
                message = f"`{after.name}` has no default, but one before it has"
                raise reject(LayoutCode.WRONG_ARGUMENTS, message, after.span, "put the parameters with defaults last")

    def _algorithm(self, item: s.Item) -> Binding:
        assert isinstance(item, s.Algorithm)
        made = AlgorithmElaborator(self.expressions).algorithm(item, self.scope)
        scalars = {name for name, _, _ in made.algorithm.parameters}
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
                    unknown(LayoutCode.UNKNOWN_FIELD, f"field of {record.name}", field.name, known_fields, field.span)
                )
            if field.name in widths:
                raise _twice(field.name)
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
