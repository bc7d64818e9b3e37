"""Scenarios: what is given, what runs, and what is to be proved of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from checker import program as p
from checker.base.codes import LayoutCode
from checker.base.diagnostic import Diagnostic, Rejected, Span, reject
from checker.base.values import mutable
from checker.language.elaborate.algorithms.choices import CHOOSE_BEFORE
from checker.language.elaborate.claims.pieces import require_known_pieces
from checker.language.elaborate.claims.totals import to_check
from checker.language.elaborate.expressions import argument_of, wrong_arguments
from checker.language.elaborate.formulas import Context, FormulaElaborator, known_list
from checker.language.elaborate.scope import (
    KIND,
    AlgorithmBinding,
    HandoverBinding,
    ListTypeBinding,
    RecordBinding,
    RegionBinding,
    RuleBinding,
    Scope,
    SequenceBinding,
    ValueBinding,
    WindowBinding,
)
from checker.language.elaborate.unknown import unknown
from checker.language.formatter.expressions import format_expression
from checker.language.syntax import tree as s
from checker.program import fold
from checker.program import types as t
from checker.program.walk import checked_arithmetic, has_split, passes, statements

EXACT_ARITHMETIC = "exact_arithmetic"
"""The property that every algorithm has without stating it."""


@mutable
class _Draft:
    """A scenario while its clauses are read."""

    maps: list[p.GivenMap] = field(default_factory=list)
    scalars: list[p.GivenScalar] = field(default_factory=list)
    beside: list[p.GivenList] = field(default_factory=list)
    element: RecordBinding | None = None
    """The record of the maps."""
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
            tuple(draft.beside),
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
                    said = self._assumption(assumption, scope, suffix)
                    require_known_pieces(said, draft.runs, assumption.span)
                    extra += said
                    self.budget.hold("conjuncts", len(draft.assumptions) + len(extra), assumption.span)
                    suffix += f"{' and' if suffix else ' assuming'} {format_expression(assumption)}"
                for clause in clauses:
                    self._clause(clause, scope, draft, extra, suffix)
            case _:
                raise AssertionError(node)

    def _assumption(self, node: s.Expr, scope: Scope, suffix: str = "") -> p.Formulas:
        return self._assumed(self.formulas.formula(node, scope, Context(self._label(node, suffix))), node.span)

    def _assumed(self, formulas: p.Formulas, span: Span) -> p.Formulas:
        """Return what is assumed. That it holds for numbers without end could be used of some of them only, and not be
        told of a map by looking at it."""
        for each in formulas:
            if isinstance(each.formula, p.TotalsAtMost):
                message = "of totals only a bound from above can be assumed: `total(...) <= constant`"
                raise reject(
                    LayoutCode.FORMULA_MISPLACED, message, each.formula.span, "`check` it, or bound each total"
                )
        if any(isinstance(each.formula, p.ForAll) and each.formula.indices for each in formulas):
            message = "what holds for each number below a bound can be checked, not assumed"
            remedy = "assume it of each region; or `check` it"
            raise reject(LayoutCode.FORMULA_MISPLACED, message, span, remedy)
        return formulas

    def _label(self, node: s.Expr, suffix: str) -> str:
        """The name of a formula: the formula itself, which must not be long; ``suffix`` will follow."""
        self.budget.hold("label", node.span.end - node.span.start + len(suffix), node.span)
        return format_expression(node)

    def _given(self, node: s.Given, scope: Scope, draft: _Draft) -> None:
        self.budget.hold("given", len(draft.maps) + len(draft.scalars) + len(draft.beside) + 1, node.span)
        binding = scope.find(node.type.name)
        subject: SequenceBinding | None = None
        if isinstance(binding, ListTypeBinding) and not node.type.window:
            if binding.layout:
                raise reject(
                    LayoutCode.TYPE_MISMATCH, "a layout cannot be given, only made", node.type.span, "give a map"
                )
            draft.element = draft.element or binding.element
            another = binding.element != draft.element
            subject = SequenceBinding(node.name, binding, beside=another)
            if another and node.like is None:
                draft.beside.append(p.GivenList(node.name, binding.element.record))
            else:
                draft.maps.append(
                    p.GivenMap(node.name, binding.element.record, self._likeness(node, binding, scope, draft))
                )
            scope.bind(node.name, subject, node.name.span)
        elif node.type.window:
            window = self.expressions.unknown_window(node.name, node.type, scope)
            scope.bind(node.name, window, node.name.span)
            draft.scalars += [p.GivenScalar(f"{node.name}.{end}", window.type) for end in ("start", "end")]
            not_empty = p.Plain(fold.compare(p.Rel.LT, window.start, window.end), node.span)
            draft.assumptions.append(p.Conjunct(f"{node.name} is not empty", None, not_empty))
        else:
            kind = self.expressions.type(node.type, scope)
            scope.bind(node.name, ValueBinding(p.Var(kind, node.name)), node.name.span)
            draft.scalars.append(p.GivenScalar(node.name, kind))
        for assumption in node.assumptions:
            rule = scope.find(assumption.name) if isinstance(assumption, s.Name) else None
            if isinstance(rule, RuleBinding) and subject is not None:
                said = tuple(self.formulas.apply(rule, [subject], assumption.span, scope))
                draft.assumptions += self._assumed(said, assumption.span)
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
                LayoutCode.TYPE_MISMATCH,
                f"`{node.like.map}` is no `{kind.name}`",
                node.like.map.span,
                "name a given map",
            )
        inner = scope.child()
        inner.bind(node.like.variable, RegionBinding(node.like.variable, kind.element), node.like.variable.span)
        return p.Likeness(other.name, node.like.variable, self.expressions.boolean(node.like.where, inner))

    def _source(self, node: s.Run, scope: Scope) -> tuple[s.Expr | None, SequenceBinding | None, p.Handover | None]:
        """The argument that is the run's map: a given map, or a layout that is handed over."""
        for argument in node.arguments:
            found = scope.find(argument.name) if isinstance(argument, s.Name) else None
            if isinstance(found, SequenceBinding) and not found.beside:
                return argument, found, None
            if isinstance(argument, s.Call) and isinstance(give := scope.find(argument.function), HandoverBinding):
                inner = argument.arguments[0] if len(argument.arguments) == 1 else None
                if isinstance(inner, s.Name):
                    known_list(inner, give.list_type, scope)
                layout = scope.find(inner.name) if isinstance(inner, s.Name) else None
                if not isinstance(layout, SequenceBinding) or not layout.type.is_a(give.list_type):
                    message = f"`{argument.function}` hands over a `{give.list_type.name}`"
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
        algorithm = binding.algorithm
        argument, source, handover = self._source(node, scope)
        for each in node.arguments if source is None else ():
            if isinstance(each, s.Name):
                known_list(each, binding.list_type, scope)
            elif isinstance(each, s.Call):
                scope.lookup(each.function, each.function.span, (HandoverBinding,))
        beside = self._beside(node, binding, source, scope)
        scalars = [each for each in node.arguments if each is not argument and each not in beside]
        required = sum(default is None for _, _, default in algorithm.parameters) - len(binding.windows)
        written = len(algorithm.parameters) - len(binding.windows)
        if source is None or not required <= len(scalars) <= written:
            most = written + len(beside) + 1
            if source is None and required < len(node.arguments) <= most:
                message = f"no argument of `{algorithm.name}` is a `{binding.list_type.name}`"
                raise reject(LayoutCode.WRONG_ARGUMENTS, message, node.span, "pass a given map, or hand a layout over")
            least = required + len(beside) + 1
            raise wrong_arguments(algorithm.name, least, most, len(node.arguments), node.span)
        if (source.type.layout and handover is None) or not source.type.element.is_a(binding.list_type.element):
            message = f"`{algorithm.name}` takes a given map, or what a hand-over makes of a layout"
            raise reject(LayoutCode.TYPE_MISMATCH, message, node.span, "pass the map, or hand the layout over")
        if node.repeated and handover is None:
            raise reject(
                LayoutCode.WRONG_ARGUMENTS, "only a hand-over can be repeated", node.span, "hand a layout over"
            )
        values: list[p.Expr] = []
        left = list(scalars)
        for name, kind, default in algorithm.parameters:
            whole, _, end = name.partition(".")
            if left and end != "end":
                argument = left.pop(0)
                with argument_of(algorithm.name, binding.signature):
                    window = self._window(argument, whole, kind, scope) if end else None
                    values += window or (self.expressions.expression(argument, scope, kind),)
            elif not end:
                assert default is not None
                values.append(default)
        behind = {each.name: each for each in draft.runs}
        before = behind.get(source.name)
        while before is not None and not has_split(before.algorithm.body):
            before = behind.get(before.source)
        repeats = node.repeated and has_split(algorithm.body)
        if (before is not None or repeats) and any(_chooses(each) for each in passes(algorithm.body)):
            message = f"`{algorithm.name}` chooses for each region, and may receive pieces of one"
            raise reject(LayoutCode.CHOSEN_FOR_PIECES, message, node.span, CHOOSE_BEFORE)
        if node.repeated and (before is not None or repeats):
            message = "a chain of kernels that goes on and on, over regions that were split"
            remedy = "write the kernels one after the other: `let second = ...`, `let third = ...`"
            raise reject(LayoutCode.LOST_PIECES, message, node.span, remedy)
        # What an algorithm makes of a map has all that the map's regions have, and that it knows nothing of.
        algorithm = algorithm.over(source.type.element.record)
        # Of a chain it is not known how often its algorithm runs, so nothing of how it ends.
        ended = {} if node.repeated else dict(_variables(algorithm))
        made = SequenceBinding(node.name, self._layout_type(source.type, scope), ended=ended)
        scope.bind(node.name, made, node.name.span)
        if binding.checked or any(checked_arithmetic(tuple(values))):
            draft.checked.add(node.name)
        lists = tuple(each.name for each in beside)
        draft.runs.append(p.Run(node.name, algorithm, source.name, handover, tuple(values), node.repeated, lists))

    def _window(self, node: s.Expr, name: str, kind: t.Type, scope: Scope) -> tuple[p.Expr, p.Expr]:
        """The ends of a window that is an argument. Raises `Rejected`."""
        found = scope.find(node.name) if isinstance(node, s.Name) else None
        if not isinstance(found, WindowBinding) or found.type != kind:
            message = f"`{name}` wants a window of `{kind.name}`"
            raise reject(LayoutCode.TYPE_MISMATCH, message, node.span, "pass a window")
        return found.start, found.end

    def _beside(
        self, node: s.Run, binding: AlgorithmBinding, source: SequenceBinding | None, scope: Scope
    ) -> list[s.Name]:
        """The arguments that are lists beside the map, in the order of the parameters. Raises `Rejected`."""
        found = []
        for each in node.arguments:
            sequence = scope.find(each.name) if isinstance(each, s.Name) else None
            if isinstance(each, s.Name) and isinstance(sequence, SequenceBinding) and sequence.beside:
                found.append((each, sequence))
        wanted = binding.beside
        for (name, kind), (argument, sequence) in zip(wanted, found, strict=False):
            if not sequence.type.element.is_a(kind.element):
                message = f"`{name}` wants a `{kind.name}`, `{argument.name}` is a `{sequence.type.name}`"
                raise reject(LayoutCode.TYPE_MISMATCH, message, argument.span, "pass one of the same record")
        if source is None and len(found) == len(wanted) + 1:
            argument, sequence = found[0]
            message = f"`{binding.algorithm.map_parameter}` wants a `{binding.list_type.name}`"
            message += f", `{argument.name}` is a `{sequence.type.name}`: another record"
            notes = (f"the parameters are `{binding.algorithm.name}({binding.signature})`",)
            remedy = f"give the scenario a map: `given map: {binding.list_type.name}`"
            raise Rejected(Diagnostic(LayoutCode.TYPE_MISMATCH, message, argument.span, notes, remedy))
        if len(found) != len(wanted):
            names = " and ".join(f"`{name}: {kind.name}`" for name, kind in wanted) or "none"
            message = f"of lists beside the map `{binding.algorithm.name}` takes {names}"
            remedy = "pass lists that the scenario is given, in the order of the parameters"
            raise reject(LayoutCode.WRONG_ARGUMENTS, message, node.span, remedy)
        return [argument for argument, _ in found]

    def _layout_type(self, source: ListTypeBinding, scope: Scope) -> ListTypeBinding:
        """The type of what an algorithm makes of a list of some type, which may be a layout that was handed over."""
        if source.layout:
            return source
        for name in scope.names():
            found = scope.find(name)
            if isinstance(found, ListTypeBinding) and found.layout and found.element == source.element:
                return found
        return ListTypeBinding(f"layout of {source.name}", source.element, layout=True)

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
                self.expressions.may_end = True
                goal = self.formulas.formula(formula, scope, Context(label))
                self.expressions.may_end = False
                goal = tuple(map(to_check, goal))
                require_known_pieces(goal, draft.runs, formula.span)
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


def _variables(algorithm: p.Algorithm) -> Iterator[tuple[str, t.Type]]:
    """The variables and parameters that there are at the end of an algorithm."""
    yield from ((name, kind) for name, kind, _ in algorithm.parameters if "." not in name)
    for each in algorithm.body:
        if isinstance(each, p.Declare | p.Choose) and "." not in each.name:
            yield each.name, each.type


def _chooses(tree: p.Pass) -> bool:
    """Tell whether something is chosen in a pass."""
    return any(each.effects.chooses for each in statements(tree))
