"""Scenarios: what is given, which kernels run on it and what is checked; and whole programs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from enum import StrEnum
from functools import cached_property

from checker.base.diagnostic import Span
from checker.base.values import frozen
from checker.program.expressions import Expr
from checker.program.formulas import ForAll, Formula, Formulas, Index, Plain, TotalsAtMost, ended
from checker.program.node import Node
from checker.program.records import Record
from checker.program.statements import Algorithm
from checker.program.types import Type
from checker.program.walk import passes


class Expected(StrEnum):
    """The verdicts that a check may state."""

    PROVED = "proved"
    REFUTED = "refuted"
    VACUOUS = "vacuous"
    UNKNOWN = "unknown"
    PROVED_TO_BOUND = "proved_to_bound"

    @property
    def word(self) -> str:
        """The verdict as reports spell it; the language has no hyphens in names."""
        return self.value.replace("_", "-")


@frozen
class Likeness(Node, parts=("where",)):
    """A map is another one but for the regions for which ``where`` (about ``variable``) holds.

    The regions of either map for which it does not hold are the same, with the same fields, in the same order; of those
    for which it holds, each map may have any, anywhere.
    """

    map: str
    variable: str
    where: Expr


@frozen
class GivenMap(Node, parts=("like",)):
    """An arbitrary map of any length; with ``like``, one that differs from an earlier map only as told."""

    name: str
    record: Record
    like: Likeness | None = None


@frozen
class GivenList(Node, parts=()):
    """An arbitrary list of any length beside the map, of another record: reservations, say. Nothing changes it."""

    name: str
    record: Record


@frozen
class GivenScalar(Node, parts=()):
    """An arbitrary value."""

    name: str
    type: Type


class Travel(StrEnum):
    """In which order regions arrive that are handed over: as they stand in the map, the other way round, or anyhow."""

    FORWARD = "forward"
    BACKWARD = "backward"
    ANYHOW = "anyhow"


@frozen
class Handover(Node, parts=("where",)):
    """The list that one kernel passes to the next: the regions of its layout for which ``where`` (about ``variable``)
    holds.

    ``fields`` are those that travel, each in an unsigned integer of so many bits; what does not fit is cut off. The
    others arrive as 0.
    """

    name: str
    variable: str
    where: Expr
    fields: tuple[tuple[str, int], ...]
    travel: Travel
    origin: str | None
    span: Span = field(compare=False, repr=False)


@frozen
class Run(Node, parts=("algorithm", "handover", "arguments")):
    """An algorithm applied to a given map, or to what ``handover`` makes of an earlier layout.

    ``source`` names the map or layout; ``name`` is the layout that is made. With ``chained``, hand-over and algorithm
    are applied once or any number of times more, each time to what the time before made.
    """

    name: str
    algorithm: Algorithm
    source: str
    handover: Handover | None
    arguments: tuple[Expr, ...]
    chained: bool = False
    beside: tuple[str, ...] = ()
    """The given lists beside the map that the algorithm's parameters stand for, in their order."""

    def list_of(self, parameter: str) -> str:
        """Return the given list that a parameter of the algorithm stands for; the caller knows that it is one."""
        names = (name for name, _ in self.algorithm.beside)
        return dict(zip(names, self.beside, strict=True))[parameter]

    def is_of(self, algorithm: Algorithm) -> bool:
        """Tell whether it runs an algorithm, if over a record that extends the algorithm's own."""
        return self.algorithm == algorithm.over(self.algorithm.record)


@frozen
class ExactArithmetic(Node, parts=()):
    """No checked operator of the run ``run`` wraps."""

    run: str

    @property
    def lists(self) -> tuple[str, ...]:
        """The layout that this is about."""
        return (self.run,)


@frozen
class Check(Node, parts=("goal", "assumptions")):
    """Something to prove. ``written`` is false for obligations that the checker added."""

    label: str
    goal: Formulas | ExactArithmetic
    assumptions: Formulas
    expected: Expected
    written: bool
    span: Span = field(compare=False, repr=False)

    @property
    def quantified(self) -> tuple[ForAll, ...]:
        """The formulas of its goal that are about regions."""
        conjuncts = () if isinstance(self.goal, ExactArithmetic) else self.goal
        return tuple(each.formula for each in conjuncts if isinstance(each.formula, ForAll))

    @property
    def of_totals(self) -> tuple[TotalsAtMost, ...]:
        """The formulas of its goal that compare totals."""
        conjuncts = () if isinstance(self.goal, ExactArithmetic) else self.goal
        return tuple(each.formula for each in conjuncts if isinstance(each.formula, TotalsAtMost))

    @property
    def of_ends(self) -> tuple[Plain, ...]:
        """The formulas of its goal that are about what runs end with, and about no region."""
        conjuncts = () if isinstance(self.goal, ExactArithmetic) else self.goal
        return tuple(f for each in conjuncts if isinstance(f := each.formula, Plain) and ended(f))

    @cached_property
    def lists(self) -> frozenset[str]:
        """The maps and layouts that the check is about, in what it claims and in what it assumes."""
        goals = (self.goal,) if isinstance(self.goal, ExactArithmetic) else (each.formula for each in self.goal)
        formulas = (*goals, *(conjunct.formula for conjunct in self.assumptions))
        return frozenset(name for each in formulas for name in (*each.lists, *ended(each)))


@frozen
class Scenario(Node, parts=("maps", "scalars", "runs", "checks", "beside")):
    """Givens, what is assumed of them, runs and checks. Every check's assumptions include the scenario's."""

    name: str
    maps: tuple[GivenMap, ...]
    scalars: tuple[GivenScalar, ...]
    runs: tuple[Run, ...]
    checks: tuple[Check, ...]
    origin: str | None
    span: Span = field(compare=False, repr=False)
    beside: tuple[GivenList, ...] = ()


def indices_of(checks: Iterable[Check]) -> tuple[Index, ...]:
    """The numbers that the quantifiers of some checks range over beside regions."""
    goals = (each.formula for check in checks if isinstance(check.goal, tuple) for each in check.goal)
    return tuple(index for formula in goals if isinstance(formula, ForAll) for index in formula.indices)


def stated_in(scenario: Scenario) -> tuple[Formula, ...]:
    """The invariants that are stated of the passes of a scenario's runs, in their order; each once, though many runs
    may be of one algorithm."""
    found = (said.formula for run in scenario.runs for each in passes(run.algorithm.body) for said in each.invariants)
    return tuple({formula.span: formula for formula in found}.values())


@frozen
class Program(Node, parts=("algorithms", "scenarios")):
    """A resolved file: its own algorithms and scenarios, and (for `run`) those that it may use.

    ``sources`` are the files that it consists of: their names as modules, sorted, and the SHA-256 of their bytes.
    """

    source_name: str
    algorithms: tuple[Algorithm, ...]
    scenarios: tuple[Scenario, ...]
    sources: tuple[tuple[str, str], ...] = field(compare=False)
    size: int = field(default=0, compare=False)
    """The words of its files, and the expressions that they expand to."""
