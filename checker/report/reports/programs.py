"""Reports of what was decided of programs."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from typing import TYPE_CHECKING

from checker.base.diagnostic import Diagnostic, Severity
from checker.base.exit_status import ExitStatus, ends_a_run, status_of_code, worst
from checker.base.values import frozen

if TYPE_CHECKING:
    # Not loaded to know the reports: a command that needs no solver must not wait for one.
    from checker.verify.budget.decide import Budget
    from checker.verify.equivalence import AlgorithmDiff
    from checker.verify.external.bundle import ExternalResult, Manifest
    from checker.verify.mutation.mutants import Mutant
    from checker.verify.mutation.outcomes import JudgedMutant
    from checker.verify.plan import Task
    from checker.verify.promises import Promises
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


def end_of(diagnostics: Sequence[Diagnostic]) -> Diagnostic | None:
    """Return the reason why a run ended before all was decided: a signal, or an error of the checker."""
    return next((each for each in diagnostics if ends_a_run(each.code)), None)


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
    """The checks that were not decided, since it ended before: their tasks, and their numbers there."""
    baseline: bool = False
    """The results were held against a baseline."""

    @property
    def end(self) -> Diagnostic | None:
        """The reason why it ended before all was decided, if nobody asked for that."""
        return end_of(self.diagnostics)


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
    promises: Promises | None = None
    """The checks of models, where the second algorithm is a change of the first."""

    @property
    def status(self) -> ExitStatus:
        """Success, if they are proved to be alike."""
        if isinstance(self.made, Diagnostic):
            return status_of_code(self.made.code)
        promised = () if self.promises is None else (*self.promises.broken, *self.promises.open)
        if any(each.status is ExitStatus.INTERNAL_ERROR for each in (*self.made.results, *promised)):
            return ExitStatus.INTERNAL_ERROR
        if self.problems:
            return worst(status_of_code(each.code) for each in self.problems)
        if self.promises is not None and self.promises.broken:
            return ExitStatus.NOT_AS_EXPECTED
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
    def unjudged(self) -> Sequence[Mutant]:
        """The mutants that were not judged, since the run ended before."""
        if end_of(self.diagnostics) is None:
            return ()
        judged = {each.mutant.name for each in self.judged}
        return [each for each in self.mutants if each.name not in judged]

    @property
    def status(self) -> ExitStatus:
        """Success, if none survives without a reason."""
        if self.wrong:
            return worst(status_of_code(each.code) for each in self.diagnostics)
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
        errors = [each for each in self.diagnostics if each.severity is Severity.ERROR]
        if errors or not self.budgets:
            return worst([ExitStatus.WRONG_INPUT, *(status_of_code(each.code) for each in errors)])
        return worst(each.status for each in self.budgets)


@frozen
class ExternalReport:
    """The statements of a bundle, each as others have checked it, or why there is no bundle."""

    made: tuple[Manifest, Sequence[ExternalResult]] | Diagnostic
    seconds: float
    versions: Versions
    detail: Detail = Detail.USUAL
    diagnostics: Sequence[Diagnostic] = ()
    """Reasons why not all statements were checked."""

    @property
    def status(self) -> ExitStatus:
        """Success, if every statement is confirmed by somebody else."""
        if isinstance(self.made, Diagnostic):
            return status_of_code(self.made.code)
        results = self.made[1]
        if self.diagnostics:
            return worst(status_of_code(each.code) for each in self.diagnostics)
        if any(each.rejected for each in results):
            return ExitStatus.NOT_AS_EXPECTED
        return ExitStatus.AS_EXPECTED if all(each.confirmed for each in results) else ExitStatus.UNDECIDED


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


@frozen
class ListReport:
    """The checks that are chosen, none of them decided."""

    tasks: Sequence[Task]
    diagnostics: Sequence[Diagnostic]

    @property
    def status(self) -> ExitStatus:
        """Success, if all that is named is there."""
        return ExitStatus.WRONG_INPUT if self.diagnostics or not self.tasks else ExitStatus.AS_EXPECTED
