"""The report of each command, as one value. A renderer makes text of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from checker.base.diagnostic import Diagnostic
from checker.base.exit_status import ExitStatus

if TYPE_CHECKING:
    # Not loaded to know the reports: a command that needs no solver must not wait for one.
    from checker.handover.checks.arrival import KexecStep
    from checker.interpret import Layout
    from checker.library import Chosen, Explanation, Program
    from checker.verify.cross_check import Health
    from checker.verify.results import CheckResult


@dataclass(frozen=True)
class Versions:
    """This tool and the solver that made a result, with their versions."""

    tool: str
    solver: str


@dataclass(frozen=True)
class VerifyReport:
    """The verdicts of `verify` or `recheck`, in order. ``asked`` says that another solver was asked about proofs,
    ``told`` that the results were shown as they came, so that only what they come to is left to be told."""

    results: Sequence[CheckResult]
    diagnostics: Sequence[Diagnostic]
    seconds: float
    status: ExitStatus
    versions: Versions
    asked: bool = False
    verbose: bool = False
    told: bool = False


@dataclass(frozen=True)
class RunReport:
    """A layout of a real map, or why there is none."""

    made: tuple[Chosen, Layout] | Diagnostic

    @property
    def status(self) -> ExitStatus:
        """Success, if there is a layout."""
        return ExitStatus.WRONG_INPUT if isinstance(self.made, Diagnostic) else ExitStatus.AS_EXPECTED


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class DoctorReport:
    """The solvers that are known."""

    solvers: Sequence[Health]

    @property
    def status(self) -> ExitStatus:
        """Success, if no solver gets something wrong."""
        return ExitStatus.INTERNAL_ERROR if any(each.wrong for each in self.solvers) else ExitStatus.AS_EXPECTED


@dataclass(frozen=True)
class ModelsReport:
    """The shipped models by name."""

    models: Sequence[tuple[str, Program]]
    diagnostics: Sequence[Diagnostic]

    @property
    def status(self) -> ExitStatus:
        """Success, if all can be read."""
        return ExitStatus.WRONG_INPUT if self.diagnostics else ExitStatus.AS_EXPECTED


class Formatted(StrEnum):
    """Outcomes of formatting a file."""

    UNCHANGED = "unchanged"
    CHANGED = "formatted"
    TO_CHANGE = "would format"


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class ExplainReport:
    """Pages on codes, or that there is none."""

    found: Sequence[Explanation] | Diagnostic

    @property
    def status(self) -> ExitStatus:
        """Success, if there are such codes."""
        return ExitStatus.WRONG_INPUT if isinstance(self.found, Diagnostic) else ExitStatus.AS_EXPECTED


Report = VerifyReport | RunReport | CheckReport | DoctorReport | ModelsReport | FmtReport | ExplainReport
