"""Scenarios: what is given, what runs, and what is to be proved of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from checker import program as p
from checker.base.codes import LayoutCode
from checker.base.diagnostic import Rejected, Span, reject
from checker.language.elaborate.expressions import wrong_arguments
from checker.language.elaborate.formulas import Context, FormulaElaborator, known_list
from checker.language.elaborate.scope import (
    KIND,
    AlgorithmBinding,
    HandoverBinding,
    ListTypeBinding,
    RegionBinding,
    RuleBinding,
    Scope,
    SequenceBinding,
    ValueBinding,
    unknown,
)
from checker.language.elaborate.statements import checked_arithmetic
from checker.language.formatter.expressions import format_expression
from checker.language.syntax import tree as s

EXACT_ARITHMETIC = "exact_arithmetic"
"""The property that every algorithm has without stating it."""


@dataclass
class _Draft:
    """A scenario while its clauses are read."""

    maps: list[p.GivenMap] = field(default_factory=list)
    scalars: list[p.GivenScalar] = field(default_factory=list)
    runs: list[p.Run] = field(default_factory=list)
    checks: list[p.Check] = field(default_factory=list)
    assumptions: list[p.Conjunct] = field(default_factory=list)
    checked: set[str] = field(default_factory=set)
    """The runs whose algorithms, or arguments, have arithmetic that is claimed to fit."""


class ScenarioElaborator:
    """Types one scenario."""

    def __init__(self, formulas: FormulaElaborator) -> None:
        self.formulas = formulas
        self.expressions = formulas.expressions
        self.budget = formulas.expressions.budget
        self.layouts: dict[str, ListTypeBinding] = {}

    def scenario(self, node: s.Scenario, scope: Scope) -> p.Scenario:
        """The typed scenario, with the obligations that the checker adds. Raises `Rejected`."""
        names = (clause.name for clause in node.clauses if isinstance(clause, s.Given | s.Run))
        draft, inner = _Draft(), scope.child(later=frozenset(names))
        for clause in node.clauses:
            self._clause(clause, inner, draft, (), "")
        if not draft.maps:
            raise reject(
                LayoutCode.NOTHING_GIVEN, "a scenario needs a map", node.name.span, "add `given map: MemoryMap`"
            )
        self._add_exact_arithmetic(draft)
        return p.Scenario(
            node.name,
            tuple(draft.maps),
            tuple(draft.scalars),
            tuple(draft.runs),
            tuple(draft.checks),
            node.origin,
            node.span,
        )

    def _clause(self, node: s.Clause, scope: Scope, draft: _Draft, extra: p.Formulas, suffix: str) -> None:
        match node:
            case s.Given():
                self._given(node, scope, draft)
            case s.Run():
                self._run(node, scope, draft)
            case s.Check():
                self._check(node, scope, draft, extra, suffix)
            case s.Assuming(assumptions=assumptions, clauses=clauses):
                for clause in clauses:
                    if not isinstance(clause, s.Check | s.Assuming):
                        message = "only checks may stand under `assuming`"
                        raise reject(LayoutCode.FORMULA_MISPLACED, message, clause.span, "move it up")
                for assumption in assumptions:
                    extra += self._assumption(assumption, scope, suffix)
                    self.budget.hold("conjuncts", len(draft.assumptions) + len(extra), assumption.span)
                    suffix += f"{' and' if suffix else ' assuming'} {format_expression(assumption)}"
                for clause in clauses:
                    self._clause(clause, scope, draft, extra, suffix)
            case _:
                raise AssertionError(node)

    def _assumption(self, node: s.Expr, scope: Scope, suffix: str = "") -> p.Formulas:
        return self.formulas.formula(node, scope, Context(self._label(node, suffix)))

    def _label(self, node: s.Expr, suffix: str) -> str:
        """The name of a formula: the formula itself, which must not be long; ``suffix`` will follow."""
        self.budget.hold("label", node.span.end - node.span.start + len(suffix), node.span)
        return format_expression(node)

    def _given(self, node: s.Given, scope: Scope, draft: _Draft) -> None:
        self.budget.hold("given", len(draft.maps) + len(draft.scalars) + 1, node.span)
        binding = scope.find(node.type.name)
        subject: SequenceBinding | None = None
        if isinstance(binding, ListTypeBinding) and not node.type.window:
            if binding.layout:
                raise reject(
                    LayoutCode.TYPE_MISMATCH, "a layout cannot be given, only made", node.type.span, "give a map"
                )
            subject = SequenceBinding(node.name, binding)
            like = self._likeness(node, binding, scope, draft)
            scope.bind(node.name, subject, node.name.span)
            draft.maps.append(p.GivenMap(node.name, binding.element.record, like))
        else:
            kind = self.expressions.type(node.type, scope)
            scope.bind(node.name, ValueBinding(p.Var(kind, node.name)), node.name.span)
            draft.scalars.append(p.GivenScalar(node.name, kind))
        for assumption in node.assumptions:
            rule = scope.find(assumption.name) if isinstance(assumption, s.Name) else None
            if isinstance(rule, RuleBinding) and subject is not None:
                draft.assumptions += self.formulas.apply(rule, [subject], assumption.span, scope)
            else:
                draft.assumptions += self._assumption(assumption, scope)
            self.budget.hold("conjuncts", len(draft.assumptions), assumption.span)

    def _likeness(self, node: s.Given, kind: ListTypeBinding, scope: Scope, draft: _Draft) -> p.Likeness | None:
        """Return the relation of a second map to one before it; unrelated maps have nothing to say of each other."""
        if node.like is None:
            if draft.maps:
                raise reject(
                    LayoutCode.WRONG_ARGUMENTS,
                    "a second map must be like the first",
                    node.span,
                    "add `like ... except`",
                )
            return None
        other = scope.lookup(node.like.map, node.like.map.span)
        if not isinstance(other, SequenceBinding) or other.type != kind:
            raise reject(
                LayoutCode.TYPE_MISMATCH, f"`{node.like.map}` is no {kind.name}", node.like.map.span, "name a given map"
            )
        inner = scope.child()
        inner.bind(node.like.variable, RegionBinding(node.like.variable, kind.element), node.like.variable.span)
        return p.Likeness(other.name, node.like.variable, self.expressions.boolean(node.like.where, inner))

    def _source(self, node: s.Run, scope: Scope) -> tuple[s.Expr | None, SequenceBinding | None, p.Handover | None]:
        """The argument that is the run's map: a given map, or a layout that is handed over."""
        for argument in node.arguments:
            if isinstance(argument, s.Name) and isinstance(found := scope.find(argument.name), SequenceBinding):
                return argument, found, None
            if isinstance(argument, s.Call) and isinstance(give := scope.find(argument.function), HandoverBinding):
                inner = argument.arguments[0] if len(argument.arguments) == 1 else None
                if isinstance(inner, s.Name):
                    known_list(inner, give.list_type, scope)
                layout = scope.find(inner.name) if isinstance(inner, s.Name) else None
                if not isinstance(layout, SequenceBinding) or layout.type != give.list_type:
                    message = f"`{argument.function}` hands over a {give.list_type.name}"
                    raise reject(LayoutCode.WRONG_ARGUMENTS, message, argument.span, "name one layout")
                return argument, layout, give.handover
        return None, None, None

    def _run(self, node: s.Run, scope: Scope, draft: _Draft) -> None:
        self.budget.hold("runs", len(draft.runs) + 1, node.span)
        binding = scope.lookup(node.algorithm, node.algorithm.span)
        if not isinstance(binding, AlgorithmBinding):
            message = f"`{node.algorithm}` is {KIND[type(binding)]}, not an algorithm"
            raise reject(LayoutCode.WRONG_OPERAND, message, node.algorithm.span, "run an algorithm")
        self.budget.spend("expansion", binding.size, node.span)
        layout = self._layout_type(binding, scope)
        algorithm = binding.algorithm
        argument, source, handover = self._source(node, scope)
        for each in node.arguments if source is None else ():
            if isinstance(each, s.Name):
                known_list(each, binding.list_type, scope)
            elif isinstance(each, s.Call):
                scope.lookup(each.function, each.function.span, (HandoverBinding,))
        scalars = [each for each in node.arguments if each is not argument]
        required = sum(default is None for _, _, default in algorithm.parameters)
        if source is None or not required <= len(scalars) <= len(algorithm.parameters):
            most = len(algorithm.parameters) + 1
            if source is None and required < len(node.arguments) <= most:
                message = f"no argument of `{algorithm.name}` is a {binding.list_type.name}"
                raise reject(LayoutCode.WRONG_ARGUMENTS, message, node.span, "pass a given map, or hand a layout over")
            raise wrong_arguments(algorithm.name, required + 1, most, len(node.arguments), node.span)
        if (source.type.layout and handover is None) or source.type.element != binding.list_type.element:
            message = f"`{algorithm.name}` takes a given map, or what a hand-over makes of a layout"
            raise reject(LayoutCode.TYPE_MISMATCH, message, node.span, "pass the map, or hand the layout over")
        if node.repeated and handover is None:
            raise reject(
                LayoutCode.WRONG_ARGUMENTS, "only a hand-over can be repeated", node.span, "hand a layout over"
            )
        values: list[p.Expr] = []
        for index, (_, kind, default) in enumerate(algorithm.parameters):
            if index < len(scalars):
                values.append(self.expressions.expression(scalars[index], scope, kind))
            else:
                assert default is not None
                values.append(default)
        scope.bind(node.name, SequenceBinding(node.name, layout), node.name.span)
        if binding.checked or any(checked_arithmetic(tuple(values))):
            draft.checked.add(node.name)
        draft.runs.append(p.Run(node.name, algorithm, source.name, handover, tuple(values), node.repeated))

    def _layout_type(self, binding: AlgorithmBinding, scope: Scope) -> ListTypeBinding:
        for name in scope.names():
            found = scope.find(name)
            if isinstance(found, ListTypeBinding) and found.layout and found.element == binding.list_type.element:
                return found
        return ListTypeBinding(f"layout of {binding.list_type.name}", binding.list_type.element, layout=True)

    def _check(self, node: s.Check, scope: Scope, draft: _Draft, extra: p.Formulas, suffix: str) -> None:
        expected = p.Expected.PROVED
        if node.expected is not None:
            known = [e.value for e in p.Expected]
            if node.expected not in known:
                raise Rejected(
                    unknown(LayoutCode.UNKNOWN_VERDICT, "verdict", node.expected, iter(known), node.expected.span)
                )
            expected = p.Expected(node.expected)
        assumptions = (*draft.assumptions, *extra)
        for formula in node.formulas:
            self._spend_check(assumptions, formula.span)
            label = self._label(formula, suffix)
            goal: p.Formulas | p.ExactArithmetic
            if isinstance(formula, s.Call) and formula.function == EXACT_ARITHMETIC:
                goal = self._exact_arithmetic(formula, scope)
            else:
                goal = self.formulas.formula(formula, scope, Context(label))
                if any(isinstance(c.formula, p.TotalAtMost) for c in goal):
                    message = "a total can be assumed, not checked"
                    raise reject(LayoutCode.FORMULA_MISPLACED, message, formula.span, "use `assuming`")
            draft.checks.append(p.Check(label + suffix, goal, assumptions, expected, True, formula.span))

    def _exact_arithmetic(self, node: s.Call, scope: Scope) -> p.ExactArithmetic:
        argument = node.arguments[0] if len(node.arguments) == 1 else None
        binding = scope.lookup(argument.name, argument.span) if isinstance(argument, s.Name) else None
        if not isinstance(binding, SequenceBinding) or not binding.type.layout:
            raise reject(
                LayoutCode.WRONG_ARGUMENTS, "`exact_arithmetic` takes one layout", node.span, "name the layout"
            )
        return p.ExactArithmetic(binding.name)

    def _add_exact_arithmetic(self, draft: _Draft) -> None:
        """Arithmetic that would wrap is an obligation of its own, unless the scenario checks it already."""
        stated = {c.goal.run for c in draft.checks if isinstance(c.goal, p.ExactArithmetic)}
        for run in draft.runs:
            if run.name not in stated and run.name in draft.checked:
                label = f"{EXACT_ARITHMETIC}({run.name})"
                goal, assumed = p.ExactArithmetic(run.name), tuple(draft.assumptions)
                self._spend_check(assumed, run.algorithm.span)
                draft.checks.append(p.Check(label, goal, assumed, p.Expected.PROVED, False, run.algorithm.span))

    def _spend_check(self, assumed: p.Formulas, span: Span) -> None:
        self.budget.spend("checks", 1, span)
        self.budget.spend("assumed", len(assumed), span)
