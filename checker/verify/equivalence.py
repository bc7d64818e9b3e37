"""Two algorithms on the same map, any map: the checks that say that they lay it out alike.

One scenario runs both on one map; the values that either has to be given are given to both. What is claimed is decided
as any check is, with the same attack and the same replay.

*Enough to say "alike"*: for each region, others can see of a layout its address, its marks and its fields; a field or
mark that neither algorithm writes is as the map has it, in both layouts (`checker.program.walk.writes`). Beyond single
regions there is the order of the exported list, which no formula can speak of. It is that of the one pass that exports,
if each region is exported at most once in it. Where that cannot be seen, nothing is said of the order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count

from checker import program as p
from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic, Severity, Span
from checker.base.values import frozen
from checker.language import Limits
from checker.library import LIMITS, Chosen, Program, reopen
from checker.program.fold import FALSE, TRUE
from checker.program.slice import always_runs
from checker.program.types import BOOL, Type
from checker.program.walk import passes, statements, writes
from checker.prove import Result, Verdict
from checker.verify.plan import Task, plan
from checker.verify.results import CheckResult

PLACED_ALIKE = "placed_alike"
FIELDS_ALIKE = "fields_alike"
EXPORTED_ALIKE = "exported_alike"
EXPORTED_IN_ORDER = "exported_in_order"

_MAP = "map"
_SCENARIO = "diff_of_algorithms"
_USUAL = "well_formed"
"""The rule that is assumed where nothing is said, if the first algorithm's file knows it."""


@frozen
class Equivalence:
    """A program whose one scenario claims that two algorithms lay every map out alike; ``notes`` say what it does not
    speak of, ``whole`` is false if that could be a difference."""

    program: Program
    notes: tuple[Diagnostic, ...] = ()
    whole: bool = True

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the claims, the one about addresses first."""
        return tuple(check.label for check in self.program.program.scenarios[0].checks)


@frozen
class AlgorithmDiff:
    """The claims that two algorithms lay every map out alike, decided one after the other, up to the first that is
    refuted; ``whole`` says that they are all that there is to compare, ``notes`` what they do not speak of."""

    results: tuple[CheckResult, ...]
    notes: tuple[Diagnostic, ...] = ()
    whole: bool = True

    @property
    def alike(self) -> bool | None:
        """Tell whether the layouts are alike on every map; None where that is not known."""
        return alike([each.result for each in self.results], whole=self.whole)

    @property
    def missing(self) -> tuple[Result, ...]:
        """The claims that are not shown."""
        return tuple(each.result for each in self.results if not _is_shown(each.result))


def alike(claims: Sequence[Result], *, whole: bool) -> bool | None:
    """Tell from the claims whether layouts are alike on every map; None where that is not known. One claim at least has
    to be proved: it speaks of some region on some map, so that there are maps that keep what is assumed."""
    if any(each.counterexample is not None for each in claims):
        return False
    return True if whole and any(each.as_expected for each in claims) and all(map(_is_shown, claims)) else None


def _is_shown(claim: Result) -> bool:
    """Tell whether a claim holds. It does if it is proved, and that of the order also if it is vacuous: that no two
    regions are exported was proved then, and what it would say of two says nothing, since there are never two. Lists
    of the same regions, at most one, have one order."""
    goal = claim.check.goal
    order = not isinstance(goal, p.ExactArithmetic) and any(each.rule == EXPORTED_IN_ORDER for each in goal)
    return claim.as_expected or (order and claim.verdict is Verdict.VACUOUS)


def decide_claims(
    claimed: Equivalence,
    decide: Callable[[Sequence[Task]], Sequence[CheckResult]],
    found: list[CheckResult] | None = None,
) -> AlgorithmDiff:
    """Decide the claims until one is refuted: a difference of addresses says enough. The results are put into
    ``found``, where they are even if this ends before."""
    found = [] if found is None else found
    for label in claimed.labels:
        found += decide(plan([claimed.program], (label,)))
        if found[-1].result.counterexample is not None:
            break
    return AlgorithmDiff(tuple(found), claimed.notes, claimed.whole)


def equivalence(
    first: Chosen,
    second: Chosen,
    assumptions: Sequence[str] | None = None,
    limits: Limits = LIMITS,
    *,
    placement: bool = False,
) -> Equivalence | Diagnostic:
    """Return the claim that two algorithms lay every map out alike, or only place regions alike (``placement``).

    ``assumptions`` are formulas about ``map`` and the values that are given, read as if they stood at the end of the
    first algorithm's file; None is `well_formed`, where that file knows it.
    """
    given = _given(first, second)
    if isinstance(given, Diagnostic):
        return given
    opened = _assuming(first, given, (_USUAL,) if assumptions is None else assumptions, limits)
    if isinstance(opened, Diagnostic) and assumptions is None:
        opened = _assuming(first, given, (), limits)
    if isinstance(opened, Diagnostic):
        return opened
    scenario = opened.program.scenarios[-1]
    taken = {_MAP, *given}
    runs = []
    for chosen in (first, second):
        algorithm = chosen.algorithm
        name = next(name for number in count(1) if (name := _numbered(algorithm.name, number)) not in taken)
        taken.add(name)
        arguments = tuple(
            p.Var(kind, parameter) if parameter in given or default is None else default
            for parameter, kind, default in algorithm.parameters
        )
        runs.append(p.Run(name, algorithm.over(first.algorithm.record), _MAP, None, arguments))
    claims = _Claims(runs[0], runs[1], scenario.checks[-1].assumptions, scenario.span)
    checks = (*claims.placed(), *(() if placement else (*claims.fields(), *claims.exported())))
    if not checks:
        message = f"`{first.algorithm.name}` and `{second.algorithm.name}` do nothing that could be compared"
        return Diagnostic(CommandCode.NOTHING_TO_CHECK, message, help="name algorithms that place or change regions")
    claimed = replace(scenario, runs=tuple(runs), checks=checks)
    program = replace(opened.program, scenarios=(claimed,))
    notes = (*claims.choice_notes(), *(() if placement else claims.order_notes()))
    whole = all(note.severity is Severity.NOTE for note in notes)
    return Equivalence(Program(f"{first.name} and {second.name}", first.path, program), notes, whole)


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}_{number}"


def _given(first: Chosen, second: Chosen) -> dict[str, Type] | Diagnostic:
    """The values that have to be given, by name: those for which some algorithm has a parameter without a default."""
    one, other = first.algorithm, second.algorithm
    if not _has_all(one.record, other.record):
        message = f"`{one.name}` lays out a {one.record.name} and `{other.name}` a {other.record.name}: they differ"
        help = "use one record in both files"
        if _has_all(other.record, one.record):
            help = f"name `{other.name}` first: its regions have all that those of `{one.name}` have"
        return Diagnostic(CommandCode.INCOMPARABLE, message, other.span, help=help)
    lists = next((each for each in (one, other) if each.beside), None)
    if lists is not None:
        message = f"`{lists.name}` takes a list beside the map, and two algorithms are compared on maps alone"
        help = "state what they have in common as checks of a scenario that is given the list"
        return Diagnostic(CommandCode.INCOMPARABLE, message, lists.span, help=help)
    needed = {name for each in (one, other) for name, _, default in each.parameters if default is None}
    kinds: dict[str, Type] = {}
    for name, kind, _ in (*one.parameters, *other.parameters):
        if name in needed and kinds.setdefault(name, kind) != kind:
            message = f"`{name}` is a {kinds[name].name} for `{one.name}` and a {kind.name} for `{other.name}`"
            return Diagnostic(CommandCode.INCOMPARABLE, message, other.span, help="give it one type in both files")
    return kinds


def _has_all(one: p.Record, other: p.Record) -> bool:
    """Tell whether an algorithm over one record can be run over another one, as it is if that one extends it."""
    more = frozenset(one.inputs) >= frozenset(other.inputs) and frozenset(one.marks) >= frozenset(other.marks)
    return more and one.placement == other.placement


def _assuming(
    first: Chosen, given: dict[str, Type], assumptions: Sequence[str], limits: Limits
) -> Program | Diagnostic:
    """The first algorithm's program, with a scenario at its end in which the values and the map are given."""
    values = "".join(
        f"given {name.removesuffix('.start')}: {'window of ' if name.endswith('.start') else ''}{kind.name} "
        for name, kind in given.items()
        if not name.endswith(".end")
    )
    where = f" where {', '.join(assumptions)}" if assumptions else ""
    text = f"scenario {_SCENARIO} {{ {values}given {_MAP}: {first.algorithm.map_type}{where} check true }}"
    return reopen(first, ("--assuming", text), limits)


def claims_of_layouts(
    first: p.Run, second: p.Run, assumptions: p.Formulas, span: Span
) -> tuple[tuple[p.Check, ...], bool]:
    """Return the checks that two runs make layouts of which everything is alike that a formula can speak of, and tell
    whether the exported lists have one order beside."""
    claims = _Claims(first, second, assumptions, span)
    marks = () if first.algorithm.exports is second.algorithm.exports else claims.marked()
    alone = claims.exported(), claims.placed(), claims.fields(), marks
    checks = tuple(each for some in alone for each in some if not each.label.startswith(EXPORTED_IN_ORDER))
    one, other = _order(first.algorithm), _order(second.algorithm)
    return checks, not first.algorithm.exports or (one is not None and one is other)


@frozen
class _Claims:
    """The checks about two runs on one map."""

    first: p.Run
    second: p.Run
    assumptions: p.Formulas
    span: Span

    def placed(self) -> Iterator[p.Check]:
        """The same regions are placed, at the same addresses, if any are by either."""
        record = self.first.algorithm.record
        if record.placement is None or not any(
            p.PLACED in writes(each.algorithm.body) for each in (self.first, self.second)
        ):
            return
        address = record.type_of(record.placement)
        one, other = p.Field(BOOL, "r", p.PLACED), p.Field(BOOL, "s", p.PLACED)
        there, here = p.Field(address, "r", record.placement), p.Field(address, "s", record.placement)
        same = p.Logic(p.Junction.IMPLIES, one, p.Compare(p.Rel.EQ, there, here, BOOL), BOOL)
        both = p.Logic(p.Junction.AND, p.Compare(p.Rel.EQ, one, other, BOOL), same, BOOL)
        message = p.Message(("", ": ", f" by {self.first.name}, ", f" by {self.second.name}"), ("r", there, here))
        yield self._check(PLACED_ALIKE, (self._each_region(PLACED_ALIKE, both, message),))

    def fields(self) -> Iterator[p.Check]:
        """All that either algorithm writes beside is the same in the end."""
        record = self.first.algorithm.record
        apart = {record.placement, p.PLACED, p.EXPORTED}
        written = (writes(self.first.algorithm.body) | writes(self.second.algorithm.body)) - apart
        known = [*record.fields, (p.DROPPED, BOOL)]
        conjuncts = tuple(self._same(FIELDS_ALIKE, name, kind) for name, kind in known if name in written)
        if conjuncts:
            yield self._check(FIELDS_ALIKE, conjuncts)

    def exported(self) -> Iterator[p.Check]:
        """The same regions are exported, and in the same order. If only one algorithm says which, there is nothing to
        compare; if neither does, these are the regions that are not dropped, in map order."""
        if not (self.first.algorithm.exports and self.second.algorithm.exports):
            return
        yield from self.marked()
        orders = _order(self.first.algorithm), _order(self.second.algorithm)
        if None not in orders and orders[0] is not orders[1]:
            yield self._check(EXPORTED_IN_ORDER, (self._alone(),))

    def marked(self) -> Iterator[p.Check]:
        """The same regions are marked as exported."""
        yield self._check(EXPORTED_ALIKE, (self._same(EXPORTED_ALIKE, p.EXPORTED, BOOL),))

    def order_notes(self) -> Iterator[Diagnostic]:
        """Say of the exported lists what cannot be compared."""
        one, other = self.first.algorithm, self.second.algorithm
        if one.exports is not other.exports:
            silent = self.second if one.exports else self.first
            message = f"the exported lists are not compared: `{silent.name}` does not say what it exports"
            yield Diagnostic(CommandCode.NOT_COMPARED, message, severity=Severity.NOTE)
        elif one.exports and None in (_order(one), _order(other)):
            many = self.first if _order(one) is None else self.second
            message = f"the order of the exported lists is not compared: `{many.name}` exports in more than one place"
            remedy = "--placement compares addresses only"
            yield Diagnostic(
                CommandCode.NOT_COMPARED, message, many.algorithm.span, help=remedy, severity=Severity.WARNING
            )

    def choice_notes(self) -> Iterator[Diagnostic]:
        """Say of an algorithm that may have nothing to choose from that nothing is claimed of such maps."""
        names = {run.algorithm: run.name for run in (self.second, self.first)}
        for algorithm, name in reversed(names.items()):
            if not always_runs(algorithm):
                message = f"maps on which `{name}` has nothing to choose from are not compared"
                remedy = "choose between constants, or assume that there is something to choose"
                span = algorithm.span
                yield Diagnostic(CommandCode.NOT_COMPARED, message, span, help=remedy, severity=Severity.WARNING)

    def _alone(self) -> p.Conjunct:
        """No two regions are exported. The passes that export run in opposite directions: of two regions each is the
        first by one algorithm."""
        exported = p.Regions(self.first.name, "r", p.Field(BOOL, "r", p.EXPORTED))
        binders = p.Binder("a", exported), p.Binder("b", exported)
        forward, backward = self.first.name, self.second.name
        if _order(self.first.algorithm) is not p.Travel.FORWARD:
            forward, backward = backward, forward
        texts = ("", " is exported before ", f" by {forward}, and after it by {backward}")
        message = p.Message(texts, ("a", "b"))
        formula = p.ForAll(binders, p.Relation.BEFORE, TRUE, FALSE, message, self.span)
        return p.Conjunct(EXPORTED_IN_ORDER, None, formula)

    def _same(self, rule: str, name: str, kind: Type) -> p.Conjunct:
        """A field or mark is the same in both layouts."""
        one, other = p.Field(kind, "r", name), p.Field(kind, "s", name)
        texts = ("", f": {name} ", f" by {self.first.name}, ", f" by {self.second.name}")
        return self._each_region(rule, p.Compare(p.Rel.EQ, one, other, BOOL), p.Message(texts, ("r", one, other)))

    def _each_region(self, rule: str, body: p.Expr, message: p.Message) -> p.Conjunct:
        """Of each region, as both layouts have it."""
        ranges = p.Regions(self.first.name, "", TRUE), p.Regions(self.second.name, "", TRUE)
        binders = p.Binder("r", ranges[0]), p.Binder("s", ranges[1])
        return p.Conjunct(rule, None, p.ForAll(binders, p.Relation.SAME, TRUE, body, message, self.span))

    def _check(self, rule: str, goal: p.Formulas) -> p.Check:
        label = f"{rule}({self.first.name}, {self.second.name})"
        return p.Check(label, goal, self.assumptions, p.Expected.PROVED, True, self.span)


def _order(algorithm: p.Algorithm) -> p.Travel | None:
    """The direction of the exported list; None where it is not that of a single pass, each region once."""
    exporting = [each for each in passes(algorithm.body) if any(isinstance(s, p.Export) for s in statements(each))]
    if len(exporting) != 1 or exporting[0].key or max(_exports(exporting[0].body)) > 1:
        return None
    return p.Travel.BACKWARD if exporting[0].reverse else p.Travel.FORWARD


def _exports(body: tuple[p.Statement, ...], before: int = 0) -> tuple[int, int]:
    """The most exports on the ways through statements: on those to their end, and on those that leave before."""
    left = before
    for statement in body:
        if isinstance(statement, p.Export):
            before += 1
        elif isinstance(statement, p.If):
            ways = _exports(statement.then, before), _exports(statement.otherwise, before)
            before, left = max(way[0] for way in ways), max(left, *(way[1] for way in ways))
        elif isinstance(statement, p.Leave):
            return 0, max(left, before)
    return before, left
