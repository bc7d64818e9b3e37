"""Formulas: assumptions and properties, expanded to a list of quantified conjuncts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from checker import program as p
from checker.base.codes import LayoutCode
from checker.base.diagnostic import Rejected, Source, Span, reject
from checker.base.values import frozen
from checker.language.elaborate.claims.totals import compared, has_total, list_named
from checker.language.elaborate.expressions import Elaborator, argument_of, wrong_arguments
from checker.language.elaborate.operators import describe
from checker.language.elaborate.scope import (
    KIND,
    Binding,
    ListTypeBinding,
    RegionBinding,
    RuleBinding,
    Scope,
    SequenceBinding,
    ValueBinding,
    WindowBinding,
)
from checker.language.syntax import tree as s
from checker.language.syntax.parse import parse_expression
from checker.language.syntax.source import count_words
from checker.program import fold
from checker.program import types as t
from checker.program.walk import regions_read

_RELATIONS = {
    s.Pairing.ANY: p.Relation.ANY,
    s.Pairing.BEFORE: p.Relation.BEFORE,
    s.Pairing.NEXT: p.Relation.NEXT,
}


@frozen
class Context:
    """The rule that is being expanded, for the conjuncts' names."""

    rule: str
    origin: str | None = None


def known_list(node: s.Name, kind: ListTypeBinding, scope: Scope) -> None:
    """Refuse a name that stands for nothing, where a map or a layout is needed. Raises `Rejected`."""
    given = f"give a map above: `given {node.name}: {kind.name}`"
    remedy = "make a layout above: `let made = ...`" if kind.layout else given
    scope.lookup(node.name, node.span, (SequenceBinding,), remedy)


def _signature(parameters: Iterable[s.Parameter]) -> str:
    """The parameters of a rule as they are written."""
    windows = ("", "window of ")
    return ", ".join(f"{each.name}: {windows[each.type.window]}{each.type.name}" for each in parameters)


class FormulaElaborator:
    """Expands formulas of one file."""

    def __init__(self, expressions: Elaborator, known: dict[str, s.Expr] | None = None) -> None:
        self.expressions = expressions
        self.known = {} if known is None else known
        """The braces of messages that some file had, by their texts."""
        self.parsed: dict[str, s.Expr] = {}
        """Those of this file."""

    def formula(self, node: s.Expr, scope: Scope, context: Context) -> p.Formulas:
        """The conjuncts of a formula. Raises `Rejected`."""
        return tuple(self._conjuncts(node, scope, context))

    def _conjuncts(self, node: s.Expr, scope: Scope, context: Context) -> list[p.Conjunct]:
        self.expressions.budget.enter(node.span)
        conjuncts = self._split(node, scope, context)
        self.expressions.budget.leave()
        self.expressions.budget.hold("conjuncts", len(conjuncts), node.span)
        return conjuncts

    def _split(self, node: s.Expr, scope: Scope, context: Context) -> list[p.Conjunct]:
        match node:
            case s.Parenthesis(inner=inner):
                return self._conjuncts(inner, scope, context)
            case s.Binary(operator="and", left=left, right=right):
                return self._conjuncts(left, scope, context) + self._conjuncts(right, scope, context)
            case s.Each():
                return [p.Conjunct(context.rule, context.origin, self._each(node, scope))]
            case s.Binary(left=left, right=right) if has_total(left) or has_total(right):
                found = compared(self.expressions, node, scope)
                return [p.Conjunct(context.rule, context.origin, each) for each in found]
            case s.Total():
                message = "a total is no condition: it is compared with a number, or with another total"
                remedy = "write `total(...) <= 1G`, or `total(...) == total(...)`"
                raise reject(LayoutCode.FORMULA_MISPLACED, message, node.span, remedy)
            case s.Call(function=name) if isinstance(scope.find(name), RuleBinding):
                return self._expand(node, scope)
            case _:
                condition = self.expressions.boolean(node, scope)
                return [p.Conjunct(context.rule, context.origin, p.Plain(condition, node.span))]

    # --- rules

    def _expand(self, node: s.Call, scope: Scope) -> list[p.Conjunct]:
        rule = scope.lookup(node.function, node.span)
        assert isinstance(rule, RuleBinding)
        return self.apply(rule, [self._argument(a, scope) for a in node.arguments], node.span, scope)

    def _argument(self, node: s.Expr, scope: Scope) -> Binding | s.Expr:
        if isinstance(node, s.Name):
            binding = scope.find(node.name)
            if isinstance(binding, SequenceBinding | WindowBinding):
                return binding
        return node

    def apply(self, rule: RuleBinding, arguments: list[Binding | s.Expr], span: Span, scope: Scope) -> list[p.Conjunct]:
        """The conjuncts of a rule applied to maps, windows and values. Raises `Rejected`."""
        item = rule.item
        required = sum(parameter.default is None for parameter in item.parameters)
        if not required <= len(arguments) <= len(item.parameters):
            raise wrong_arguments(item.name, required, len(item.parameters), len(arguments), span)
        inner = rule.scope.child()
        for index, parameter in enumerate(item.parameters):
            if index < len(arguments):
                argument = arguments[index]
                with argument_of(item.name, _signature(item.parameters)):
                    binding = self._bind(parameter, argument, rule.scope, scope, span)
                place = argument.span if isinstance(argument, s.Expr) else span
                for value in _values(binding):
                    self.expressions.hold_constant(rule, parameter, value, place)
            else:
                assert parameter.default is not None
                default = self._argument(parameter.default, rule.scope)
                binding = self._bind(parameter, default, rule.scope, rule.scope, parameter.span)
            inner.bind(parameter.name, binding, parameter.name.span)
        return self._conjuncts(item.formula, inner, Context(item.name, item.origin))

    def check_defaults(self, rule: RuleBinding) -> None:
        """Refuse defaults that do not fit their parameters. Raises `Rejected`."""
        for parameter in rule.item.parameters:
            if parameter.default is not None:
                default = self._argument(parameter.default, rule.scope)
                self._bind(parameter, default, rule.scope, rule.scope, parameter.default.span)

    def _bind(
        self, parameter: s.Parameter, argument: Binding | s.Expr, home: Scope, scope: Scope, span: Span
    ) -> Binding:
        """Return the binding of a parameter, given its argument."""
        if parameter.type.window:
            if not isinstance(argument, WindowBinding) or argument.type != self._named_type(parameter.type, home):
                message = f"`{parameter.name}` wants a window of `{parameter.type.name}`"
                raise reject(LayoutCode.TYPE_MISMATCH, message, span, "pass a window")
            return argument
        wanted = home.find(parameter.type.name)
        if isinstance(wanted, ListTypeBinding):
            if isinstance(argument, s.Name):
                known_list(argument, wanted, scope)
            return self._bind_list(parameter, argument, wanted, span)
        if isinstance(argument, ValueBinding):
            return argument
        if not isinstance(argument, s.Expr):
            message = f"`{parameter.name}` wants a `{parameter.type.name}`, not {KIND[type(argument)]}"
            raise reject(LayoutCode.TYPE_MISMATCH, message, span, "pass a value")
        kind_type = self.expressions.type(parameter.type, home)
        return ValueBinding(self.expressions.expression(argument, scope, kind_type))

    def _bind_list(
        self, parameter: s.Parameter, argument: Binding | s.Expr, wanted: ListTypeBinding, span: Span
    ) -> Binding:
        if not isinstance(argument, SequenceBinding):
            what = "a value" if isinstance(argument, s.Expr) else KIND[type(argument)]
            message = f"`{parameter.name}` wants a `{wanted.name}`, not {what}"
            raise reject(LayoutCode.TYPE_MISMATCH, message, span, "pass a map or layout")
        same_record = argument.type.element.is_a(wanted.element)
        if not same_record or (wanted.layout and not argument.type.layout):
            message = f"`{parameter.name}` wants a `{wanted.name}`, `{argument.name}` is a `{argument.type.name}`"
            remedy = "pass one of the same record, or of one that extends it"
            if same_record:
                remedy = "pass what an algorithm made, not the map it was given"
            elif wanted.element.is_a(argument.type.element):
                remedy = f"give the scenario a map of `{wanted.element.record.name}`, which extends that record"
            raise reject(LayoutCode.TYPE_MISMATCH, message, span, remedy)
        return argument

    def _named_type(self, node: s.TypeName, scope: Scope) -> t.Type:
        return self.expressions.type(s.TypeName(node.name, span=node.span), scope)

    # --- quantifiers

    def _sequence(self, node: s.Sequence, scope: Scope) -> tuple[p.Regions, SequenceBinding]:
        binding = list_named(node.name, scope)
        if node.variable is None or node.where is None:
            return p.Regions(binding.name, "", fold.TRUE, binding.beside), binding
        inner = scope.child()
        inner.bind(node.variable, binding.region(node.variable), node.variable.span)
        # Which regions a list has is asked in the middle of runs, too.
        may_end, self.expressions.may_end = self.expressions.may_end, False
        where = self.expressions.boolean(node.where, inner)
        self.expressions.may_end = may_end
        return p.Regions(binding.name, node.variable, where, binding.beside), binding

    def _each(self, node: s.Each, scope: Scope) -> p.Formula:
        regions, binding = self._sequence(node.sequence, scope)
        inner = scope.child()
        inner.bind(node.first, binding.region(node.first), node.first.span)
        others, other_binding = (regions, binding) if node.others is None else self._sequence(node.others, scope)
        if node.second is not None:
            inner.bind(node.second, other_binding.region(node.second), node.second.span)
        indices = tuple(self._index(each, inner) for each in node.indices)
        where = fold.TRUE if node.where is None else self.expressions.boolean(node.where, inner)
        body = self.expressions.boolean(node.body, inner)
        message = self._message(node, inner) if node.message is not None else None
        if node.second is None:
            binder = p.Binder(node.first, regions)
            return p.ForAll((binder,), p.Relation.ANY, where, body, message, node.span, indices)
        binders = p.Binder(node.first, regions), p.Binder(node.second, others)
        if node.pairing is s.Pairing.ACROSS:
            self._across(node, binding, other_binding)
            return p.ForAll(binders, p.Relation.ACROSS, where, body, message, node.span)
        if node.others is not None:
            if binding.beside or other_binding.beside:
                problem = f"`with` is for one region as two lists have it, and `{node.sequence.name}` has others"
                remedy = f"write `each {node.first} in ..., {node.second} in ...`"
                raise reject(LayoutCode.FORMULA_MISPLACED, problem, node.others.span, remedy)
            if regions_read(where) - {node.first}:
                problem = f"`where` may look at `{node.first}` only: `{node.second}` may not exist"
                assert node.where is not None
                raise reject(LayoutCode.FORMULA_MISPLACED, problem, node.where.span, "move it after the colon")
            for written, index in zip(node.indices, indices, strict=True):
                if regions_read(index.bound) - {node.first}:
                    problem = f"a bound may look at `{node.first}` only: `{node.second}` may not exist"
                    remedy = f"name a field of `{node.first}`"
                    raise reject(LayoutCode.FORMULA_MISPLACED, problem, written.bound.span, remedy)
            return p.ForAll(binders, p.Relation.SAME, where, body, message, node.span, indices)
        assert node.pairing is not None
        if binding.beside and node.pairing is s.Pairing.NEXT:
            problem = f"nothing asks for neighbours in `{node.sequence.name}`, which stands beside the map"
            remedy = f"write `each {node.first} before {node.second} in ...`"
            raise reject(LayoutCode.FORMULA_MISPLACED, problem, node.span, remedy)
        return p.ForAll(binders, _RELATIONS[node.pairing], where, body, message, node.span, indices)

    def _index(self, node: s.Index, scope: Scope) -> p.Index:
        """A number that a quantifier ranges over; the ones after it, and what it says, may speak of it."""
        kind = self.expressions.type(node.type, scope)
        if not isinstance(kind, t.Integer) or kind.is_address:
            message = f"`{node.name}` counts, and {describe(kind)} does not"
            remedy = "count pages, bytes or plain numbers: `k: pages below r.num_pages`"
            raise reject(LayoutCode.WRONG_OPERAND, message, node.type.span, remedy)
        index = p.Index(node.name, kind, self.expressions.expression(node.bound, scope, kind))
        scope.bind(node.name, ValueBinding(index.variable), node.name.span)
        return index

    def _across(self, node: s.Each, one: SequenceBinding, other: SequenceBinding) -> None:
        """Refuse regions of two lists that are maps or layouts. Raises `Rejected`."""
        # A rule is checked with stand-ins before it is known what its lists are.
        if one.name == other.name or not (self.expressions.formal or one.beside or other.beside):
            assert node.others is not None
            problem = f"neither `{node.sequence.name}` nor `{node.others.name}` is a list beside the map"
            if one.name == other.name:
                problem = f"`{node.first}` and `{node.second}` are of one list"
            remedy = f"write `each {node.first}, {node.second} in ...`, or `with` for one region as two lists have it"
            raise reject(LayoutCode.FORMULA_MISPLACED, problem, node.others.span, remedy)

    # --- messages

    def _message(self, node: s.Each, scope: Scope) -> p.Message:
        assert node.message is not None
        parts = re.split(r"\{([^{}]*)\}", node.message)
        offset = node.span.source.text.rindex(f'"{node.message}"', node.span.start, node.span.end) + 1
        values: list[p.Expr | str] = []
        for index, part in enumerate(parts):
            length = len(part) + 2 * (index % 2)
            place = Span(node.span.source, offset, offset + length)
            offset += length
            if index % 2:
                values.append(self._value(part, scope, place))
            elif "{" in part or "}" in part:
                remedy = "write `{`, one expression and `}`"
                raise reject(LayoutCode.BAD_MESSAGE, "a brace without its partner", place, remedy)
        return p.Message(tuple(parts[::2]), tuple(values))

    def _value(self, text: str, scope: Scope, place: Span) -> p.Expr | str:
        inner, word = scope.quoting(Span(place.source, place.start + 1, place.end - 1)), text.strip()
        start = text.index(word)
        binding = inner.find(s.Ident(word, Span(place.source, start, start + len(word))))
        if isinstance(binding, RegionBinding):
            return binding.variable
        try:
            if text not in self.parsed:
                source = Source(place.source.name, text)
                count_words(source, self.expressions.budget)
                known = self.known.get(text)
                self.parsed[text] = known or parse_expression(source, self.expressions.budget.limits)
                self.known[text] = self.parsed[text]
            return self.expressions.expression(self.parsed[text], inner)
        except Rejected as rejected:
            problem = rejected.diagnostic
            if problem.code in (LayoutCode.TOO_DEEP, LayoutCode.TOO_MANY):
                raise Rejected(replace(problem, span=place)) from None
            raise reject(LayoutCode.BAD_MESSAGE, f"in the braces: {problem.message}", place, problem.help) from None


def _values(binding: Binding) -> tuple[p.Expr, ...]:
    """The values that something is or consists of."""
    match binding:
        case ValueBinding(value=value):
            return (value,)
        case WindowBinding(start=start, end=end):
            return start, end
        case _:
            return ()
