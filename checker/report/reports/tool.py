"""Reports of the tool and of what comes with it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from checker.base.diagnostic import Diagnostic
from checker.base.exit_status import ExitStatus
from checker.base.values import frozen

if TYPE_CHECKING:
    # Not loaded to know the reports: a command that needs no solver must not wait for one.
    from checker.library import Explanation, Program
    from checker.verify.cache.store import State
    from checker.verify.cross_check import Health


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
