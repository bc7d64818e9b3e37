"""Work that is being done, in one line."""

from __future__ import annotations

from collections.abc import Sequence

from checker.report.lines import clean
from checker.verify.results import CheckStarted


def progress_text(done: int, total: int, seconds: float, working: Sequence[CheckStarted]) -> str:
    """The number of checks that are decided, the time it has taken, and the checks that are being decided."""
    names = ", ".join(f"{each.task.subject.name}: {each.task.checks[each.index].label}" for each in working)
    return clean(f"{done}/{total} checks, {seconds:.0f} s" + (f"; {names}" if names else ""))


def bundling_text(done: int, total: int, seconds: float) -> str:
    """The number of statements for which a SAT solver or a checker of proofs has ended."""
    return f"{done}/{total} statements, {seconds:.0f} s"


def judging_text(done: int, total: int, seconds: float) -> str:
    """The number of mutants that are judged, and the time it has taken."""
    return f"{done}/{total} mutants, {seconds:.0f} s"


def budgets_text(done: int, total: int, seconds: float) -> str:
    """The number of budgets that are decided, and the time it has taken."""
    return f"{done}/{total} budgets, {seconds:.0f} s"


def asking_text(done: int, total: int, seconds: float, solver: str) -> str:
    """The number of statements that another solver has been asked about."""
    return clean(f"{done}/{total} statements, {seconds:.0f} s; asking {solver}")


_BAR = 30
"""Columns of a bar."""


def files_text(done: int, total: int, seconds: float) -> str:
    """A bar, the number of files that were looked at, and the time that is left, if it goes on like that."""
    full = done * _BAR // max(1, total)
    left = f", {seconds * (total - done) / done:.0f} s left" if done else ""
    return f"[{'#' * full}{'.' * (_BAR - full)}] {done}/{total} files, {seconds:.0f} s{left}"
