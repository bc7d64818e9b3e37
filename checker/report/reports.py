"""The report of each command, as one value. A renderer makes text of it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, StrEnum, auto
from typing import TYPE_CHECKING

from checker.base.diagnostic import Diagnostic, Severity
from checker.base.exit_status import ExitStatus, worst
from checker.base.values import frozen
from checker.report.cases import finding_fingerprint

if TYPE_CHECKING:
    # Not loaded to know the reports: a command that needs no solver must not wait for one.
    from checker.compare.boot import Boot
    from checker.compare.identify import Attempt, Identification
    from checker.compare.pairs import MapPair
    from checker.handover.checks.arrival import KexecStep
    from checker.inspect.against import JudgedScenario
    from checker.inspect.inspection import Inspection
    from checker.inspect.lookup import LookedUp
    from checker.interpret import Layout
    from checker.library import Chosen, Explanation, Program
    from checker.memmap import MemoryMap
    from checker.report.pictures.picture import Picture
    from checker.verify.budget.decide import Budget
    from checker.verify.cache.store import State
    from checker.verify.cross_check import Health
    from checker.verify.equivalence import AlgorithmDiff
    from checker.verify.external.bundle import ExternalResult, Manifest
    from checker.verify.mutation.mutants import Mutant
    from checker.verify.mutation.outcomes import JudgedMutant
    from checker.verify.plan import Task
    from checker.verify.replay import Replayed
    from checker.verify.results import CheckResult


@frozen
class Versions:
    """This tool and the solver that made a result, with their versions."""

    tool: str
    solver: str


class Detail(Enum):
    """The amount that is told of each verdict: nothing of those that are as expected, a line, or all that is known."""

    QUIET = auto()
    USUAL = auto()
    FULL = auto()


@frozen
class VerifyReport:
    """The verdicts of `verify` or `recheck`, in order. ``asked`` says that another solver was asked about proofs,
    ``told`` that the results were shown as they came, so that only what they come to is left to be told."""

    results: Sequence[CheckResult]
    diagnostics: Sequence[Diagnostic]
    seconds: float
    status: ExitStatus
    versions: Versions
    asked: bool = False
    detail: Detail = Detail.USUAL
    told: bool = False
    undecided: Sequence[tuple[Task, int]] = ()
    """The checks that were not decided, since it was to stop before: their tasks, and their numbers there."""
    baseline: bool = False
    """The results were held against a baseline."""


@frozen
class DiffReport:
    """The claims that two algorithms lay every map out alike, as far as they were decided, or why they were not."""

    first: str
    second: str
    made: AlgorithmDiff | Diagnostic
    seconds: float
    versions: Versions
    detail: Detail = Detail.USUAL
    problems: Sequence[Diagnostic] = ()
    """Troubles of the executor, for which less was decided than could be."""

    @property
    def status(self) -> ExitStatus:
        """Success, if they are proved to be alike."""
        if isinstance(self.made, Diagnostic):
            return ExitStatus.WRONG_INPUT
        if any(each.status is ExitStatus.INTERNAL_ERROR for each in self.made.results):
            return ExitStatus.INTERNAL_ERROR
        if self.problems:
            return ExitStatus.WRONG_INPUT
        found = {True: ExitStatus.AS_EXPECTED, False: ExitStatus.NOT_AS_EXPECTED, None: ExitStatus.UNDECIDED}
        return found[self.made.alike]


@frozen
class MutateReport:
    """The mutants of a program, and what became of those that were judged; ``wrong`` where something asked for could
    not be read."""

    name: str
    mutants: Sequence[Mutant]
    judged: Sequence[JudgedMutant]
    diagnostics: Sequence[Diagnostic]
    wrong: bool
    seconds: float
    versions: Versions
    detail: Detail = Detail.USUAL

    @property
    def status(self) -> ExitStatus:
        """Success, if none survives without a reason."""
        if self.wrong:
            return ExitStatus.WRONG_INPUT
        return worst(each.status for each in self.judged)


@frozen
class BudgetReport:
    """The budgets of algorithms, and what is wrong with what else was asked for."""

    budgets: Sequence[Budget]
    diagnostics: Sequence[Diagnostic]
    seconds: float
    versions: Versions
    detail: Detail = Detail.USUAL

    @property
    def status(self) -> ExitStatus:
        """Success, if of each budget is known what there is to know."""
        if any(each.severity is Severity.ERROR for each in self.diagnostics) or not self.budgets:
            return ExitStatus.WRONG_INPUT
        return worst(each.status for each in self.budgets)


@frozen
class ExternalReport:
    """The statements of a bundle, each as others have checked it, or why there is no bundle."""

    made: tuple[Manifest, Sequence[ExternalResult]] | Diagnostic
    seconds: float
    versions: Versions
    detail: Detail = Detail.USUAL

    @property
    def status(self) -> ExitStatus:
        """Success, if every statement is confirmed by somebody else."""
        if isinstance(self.made, Diagnostic):
            return ExitStatus.WRONG_INPUT
        results = self.made[1]
        if any(each.rejected for each in results):
            return ExitStatus.NOT_AS_EXPECTED
        return ExitStatus.AS_EXPECTED if all(each.confirmed for each in results) else ExitStatus.UNDECIDED


@frozen
class IdentifyReport:
    """The algorithms that were tried on a capture, best first, or why there are none; and remarks on the capture."""

    boot: Boot | None
    attempts: Sequence[Attempt]
    diagnostics: Sequence[Diagnostic]
    versions: Versions

    @property
    def status(self) -> ExitStatus:
        """Success, if an algorithm explains the capture exactly."""
        if any(each.severity is Severity.ERROR for each in self.diagnostics):
            return ExitStatus.WRONG_INPUT
        exact = any(each.exact for each in self.attempts)
        return ExitStatus.AS_EXPECTED if exact else ExitStatus.NOT_AS_EXPECTED


@frozen
class IdentifyManyReport:
    """The captures under a folder, each with the algorithms that explain it; ``passed_over`` is what is none."""

    found: Sequence[Identification]
    diagnostics: Sequence[Diagnostic]
    versions: Versions
    passed_over: Sequence[str] = ()

    @property
    def status(self) -> ExitStatus:
        """Success, if an algorithm explains every capture exactly."""
        if self.diagnostics:
            return ExitStatus.WRONG_INPUT
        explained = all(each.explained_by for each in self.found)
        return ExitStatus.AS_EXPECTED if explained else ExitStatus.NOT_AS_EXPECTED


@frozen
class CompareReport:
    """The lists of two inputs, compared, or why they are not. ``everything`` says that memory which is free once boot
    services have ended is to be shown as well."""

    pairs: Sequence[MapPair]
    diagnostics: Sequence[Diagnostic]
    versions: Versions
    everything: bool = False

    @property
    def status(self) -> ExitStatus:
        """Success, if no lists differ."""
        if any(each.severity is Severity.ERROR for each in self.diagnostics):
            return ExitStatus.WRONG_INPUT
        equal = all(pair.changes.equal for pair in self.pairs)
        return ExitStatus.AS_EXPECTED if equal else ExitStatus.NOT_AS_EXPECTED


@frozen
class RunReport:
    """A layout of a real map, or why there is none."""

    made: tuple[Chosen, Layout] | Diagnostic

    @property
    def status(self) -> ExitStatus:
        """Success, if there is a layout."""
        return ExitStatus.WRONG_INPUT if isinstance(self.made, Diagnostic) else ExitStatus.AS_EXPECTED


@frozen
class CheckReport:
    """The steps of a hand-over, or why they could not be checked."""

    steps: Sequence[KexecStep]
    diagnostics: Sequence[Diagnostic]
    versions: Versions

    @property
    def status(self) -> ExitStatus:
        """Success, if nothing is known to have been lost."""
        if self.diagnostics:
            return ExitStatus.WRONG_INPUT
        return ExitStatus.AS_EXPECTED if all(step.good for step in self.steps) else ExitStatus.NOT_AS_EXPECTED


@frozen
class InspectReport:
    """The maps that were checked, or why they could not be. ``several`` says that not one map was asked for, but those
    of a folder or of this machine; ``passed_over`` are files in it that hold no map. ``known`` are the fingerprints in
    a baseline, None where there is none: what is known makes no map faulty."""

    inspections: Sequence[Inspection]
    diagnostics: Sequence[Diagnostic]
    versions: Versions
    several: bool = False
    passed_over: Sequence[str] = ()
    known: frozenset[str] | None = None

    @property
    def baseline(self) -> bool:
        """Tell whether the findings were held against a baseline."""
        return self.known is not None

    def knows(self, inspection: Inspection, finding: Diagnostic) -> bool:
        """Tell whether a finding is in the baseline."""
        return bool(self.known) and finding_fingerprint(finding, inspection.map.source) in (self.known or ())

    def faulty(self, inspection: Inspection) -> bool:
        """Tell whether something is wrong with a map, or at risk, that is not known."""
        from checker.inspect.findings import is_faulty

        return is_faulty(each for each in inspection.findings if not self.knows(inspection, each))

    @property
    def status(self) -> ExitStatus:
        """Success, if nothing is wrong with any map, or at risk."""
        if self.diagnostics:
            return ExitStatus.WRONG_INPUT
        return ExitStatus.NOT_AS_EXPECTED if any(map(self.faulty, self.inspections)) else ExitStatus.AS_EXPECTED


@frozen
class AgainstReport:
    """The properties of a model on one map, or why there is nothing to tell of them."""

    judged: tuple[str, MemoryMap, Sequence[JudgedScenario]] | Diagnostic
    versions: Versions

    @property
    def status(self) -> ExitStatus:
        """Success, if every property holds on the map."""
        if isinstance(self.judged, Diagnostic):
            return ExitStatus.WRONG_INPUT
        judgements = {check.judgement.value for scenario in self.judged[2] for check in scenario.checks}
        if "broken" in judgements:
            return ExitStatus.NOT_AS_EXPECTED
        return ExitStatus.UNDECIDED if "undecided" in judgements else ExitStatus.AS_EXPECTED


@frozen
class WhereReport:
    """The regions that hold addresses, after whether virtual addresses are known; or why nothing was looked up."""

    made: tuple[bool, Sequence[LookedUp]] | Diagnostic
    versions: Versions

    @property
    def status(self) -> ExitStatus:
        """Success, if all that was to be looked up was found."""
        if isinstance(self.made, Diagnostic):
            return ExitStatus.WRONG_INPUT
        found = all(each.found for each in self.made[1])
        return ExitStatus.AS_EXPECTED if found else ExitStatus.NOT_AS_EXPECTED


@frozen
class DoctorReport:
    """The solvers that are known."""

    solvers: Sequence[Health]

    @property
    def status(self) -> ExitStatus:
        """Success, if no solver gets something wrong."""
        return ExitStatus.INTERNAL_ERROR if any(each.wrong for each in self.solvers) else ExitStatus.AS_EXPECTED


@frozen
class CacheReport:
    """The cache of what was searched for, or why it cannot be used."""

    state: State | Diagnostic

    @property
    def status(self) -> ExitStatus:
        """Success, if it can be used."""
        return ExitStatus.WRONG_INPUT if isinstance(self.state, Diagnostic) else ExitStatus.AS_EXPECTED


@frozen
class ModelsReport:
    """The shipped models by name; ``whole`` if all is told of each, and not a line."""

    models: Sequence[tuple[str, Program]]
    diagnostics: Sequence[Diagnostic]
    whole: bool = True

    @property
    def status(self) -> ExitStatus:
        """Success, if all can be read."""
        return ExitStatus.WRONG_INPUT if self.diagnostics else ExitStatus.AS_EXPECTED


@frozen
class ListReport:
    """The checks that are chosen, none of them decided."""

    tasks: Sequence[Task]
    diagnostics: Sequence[Diagnostic]

    @property
    def status(self) -> ExitStatus:
        """Success, if all that is named is there."""
        return ExitStatus.WRONG_INPUT if self.diagnostics or not self.tasks else ExitStatus.AS_EXPECTED


class Formatted(StrEnum):
    """Outcomes of formatting a file."""

    UNCHANGED = "unchanged"
    CHANGED = "formatted"
    TO_CHANGE = "would format"


@frozen
class FmtReport:
    """The outcome for each file; the text of one that is to be shown, since it has no place of its own."""

    files: Sequence[tuple[str, Formatted, str | None]]
    diagnostics: Sequence[Diagnostic]

    @property
    def status(self) -> ExitStatus:
        """Success, if all is formatted now."""
        if self.diagnostics:
            return ExitStatus.WRONG_INPUT
        left = any(outcome is Formatted.TO_CHANGE for _, outcome, _ in self.files)
        return ExitStatus.NOT_AS_EXPECTED if left else ExitStatus.AS_EXPECTED


@frozen
class ExplainReport:
    """Pages on codes, or that there is none."""

    found: Sequence[Explanation] | Diagnostic

    @property
    def status(self) -> ExitStatus:
        """Success, if there are such codes."""
        return ExitStatus.WRONG_INPUT if isinstance(self.found, Diagnostic) else ExitStatus.AS_EXPECTED


@frozen
class ShowReport:
    """Pictures, or why there are none; and the files that were written instead of showing them here."""

    pictures: Sequence[Picture] | Diagnostic
    written: Sequence[str] = ()

    @property
    def status(self) -> ExitStatus:
        """Success, if there is something to see."""
        return ExitStatus.WRONG_INPUT if isinstance(self.pictures, Diagnostic) else ExitStatus.AS_EXPECTED


@frozen
class ReplayReport:
    """Counterexamples that were run again, by their files; and what is wrong with others."""

    results: Sequence[tuple[str, Replayed]]
    diagnostics: Sequence[Diagnostic]
    versions: Versions

    @property
    def status(self) -> ExitStatus:
        """Success, if no property is broken any more."""
        if self.diagnostics:
            return ExitStatus.WRONG_INPUT
        holds = all(replayed.holds for _, replayed in self.results)
        return ExitStatus.AS_EXPECTED if holds else ExitStatus.NOT_AS_EXPECTED


Report = (
    VerifyReport
    | ListReport
    | DiffReport
    | MutateReport
    | BudgetReport
    | ExternalReport
    | IdentifyReport
    | IdentifyManyReport
    | CompareReport
    | RunReport
    | ShowReport
    | ReplayReport
    | CheckReport
    | InspectReport
    | AgainstReport
    | WhereReport
    | DoctorReport
    | CacheReport
    | ModelsReport
    | FmtReport
    | ExplainReport
)
