"""Results of checks, one for each, and the exit status of all."""

from __future__ import annotations

from collections.abc import Iterable

from checker import program as p
from checker.base.codes import CommandCode, Explained, VerdictCode
from checker.base.diagnostic import Diagnostic
from checker.base.exit_status import ExitStatus, worst
from checker.base.values import frozen
from checker.prove import Result, Verdict, Written
from checker.verify.attack import Attacked
from checker.verify.executors.executor import Tick
from checker.verify.plan import Task
from checker.verify.replay import Seen


@frozen
class CrossCheck:
    """The opinion of another solver on a proof: of its ``statements``, how many it confirms, which it does not decide,
    each with the reason, and to which it says the contrary."""

    solver: str
    version: str
    statements: int
    confirmed: int
    undecided: tuple[tuple[str, str], ...] = ()
    contrary: tuple[Written, ...] = ()

    @property
    def confirms(self) -> bool:
        """Tell whether it confirms the proof: all of it."""
        return self.confirmed == self.statements


_CODES: dict[Verdict, Explained] = {
    Verdict.PROVED: VerdictCode.PROVED,
    Verdict.PROVED_TO_BOUND: VerdictCode.BOUNDED,
    Verdict.REFUTED: VerdictCode.REFUTED,
    Verdict.UNKNOWN: VerdictCode.UNKNOWN,
    Verdict.VACUOUS: VerdictCode.VACUOUS,
    Verdict.REJECTED: VerdictCode.REJECTED,
    Verdict.ERROR: VerdictCode.FAILED,
}


def stands_in(task: Task, check: p.Check) -> str:
    """Return the file in which a check stands: what the checker asks by itself stands where the algorithm does."""
    source = check.span.source.name
    return task.program.name if source == task.subject.span.source.name else source


@frozen
class CheckResult:
    """The verdict on one check, with what it is about, what another solver makes of it, if one was asked, what the
    interpreter's attack on it came to, if it is proved, and what the interpreter sees on its counterexample.

    ``refused`` says that the verdict is one that must not be, whatever the file expects; ``known`` that it is in the
    baseline, and no reason to fail.
    It is ``trusted`` if it was taken from a cache and not checked, as the user asked for.
    """

    task: Task
    index: int
    result: Result
    opinion: CrossCheck | None = None
    attacked: Attacked | None = None
    seen: Seen | None = None
    refused: bool = False
    known: bool = False
    trusted: bool = False

    @property
    def stands_in(self) -> str:
        """The file in which the check stands."""
        return stands_in(self.task, self.result.check)

    @property
    def file(self) -> str:
        """The name of the program."""
        return self.task.program.name

    @property
    def scenario(self) -> p.Scenario:
        """The scenario that states the check."""
        return self.task.subject

    @property
    def order(self) -> tuple[str, int, int]:
        """The place of the result in a report."""
        return (self.file, self.task.scenario, self.task.positions[self.index])

    @property
    def status(self) -> ExitStatus:
        """The exit status that the verdict asks for."""
        if self.result.verdict is Verdict.ERROR or (self.opinion is not None and self.opinion.contrary):
            return ExitStatus.INTERNAL_ERROR
        if self.known or (self.result.as_expected and not self.refused):
            return ExitStatus.AS_EXPECTED
        undecided = self.result.verdict in (Verdict.UNKNOWN, Verdict.PROVED_TO_BOUND)
        return ExitStatus.UNDECIDED if undecided else ExitStatus.NOT_AS_EXPECTED

    @property
    def code(self) -> Explained | None:
        """The code of a verdict that is not as expected, or must not be."""
        if self.opinion is not None and self.opinion.contrary:
            return CommandCode.SOLVERS_DISAGREE
        if self.result.as_expected and not self.refused:
            return None
        return _CODES[self.result.verdict]


@frozen
class CheckStarted:
    """A check is being decided."""

    task: Task
    index: int


@frozen
class Notice:
    """Something to say beside the results."""

    diagnostic: Diagnostic


Event = CheckStarted | CheckResult | Notice | Tick


def status(findings: Iterable[CheckResult], *, wrong_input: bool) -> ExitStatus:
    """The exit status of a verification; ``wrong_input`` where something asked for could not be read."""
    found = {finding.status for finding in findings}
    return worst(found | {ExitStatus.WRONG_INPUT} if wrong_input or not found else found)
