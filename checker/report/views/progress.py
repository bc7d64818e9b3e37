"""Work that is being done, in one line."""

from __future__ import annotations

from collections.abc import Sequence

from checker.report.lines import clean
from checker.verify.results import CheckStarted


def progress_text(done: int, total: int, seconds: float, working: Sequence[CheckStarted]) -> str:
    """The number of checks that are decided, the time it has taken, and the checks that are being decided."""
    names = ", ".join(f"{each.task.subject.name}: {each.task.checks[each.index].label}" for each in working)
    return clean(f"{done}/{total} checks, {seconds:.0f} s" + (f"; {names}" if names else ""))


def asking_text(done: int, total: int, seconds: float, solver: str) -> str:
    """The number of statements that another solver has been asked about."""
    return clean(f"{done}/{total} statements, {seconds:.0f} s; asking {solver}")
