"""What is being decided, in one line."""

from __future__ import annotations

from collections.abc import Sequence

from checker.report.renderers.text import clean
from checker.verify.results import CheckStarted


def progress_text(done: int, total: int, seconds: float, working: Sequence[CheckStarted]) -> str:
    """How many checks are decided, for how long it has been going on, and which are being decided."""
    names = ", ".join(f"{each.task.subject.name}: {each.task.checks[each.index].label}" for each in working)
    return clean(f"{done}/{total} checks, {seconds:.0f} s" + (f"; {names}" if names else ""))


def asking_text(done: int, total: int, seconds: float, solver: str) -> str:
    """How many statements another solver has been asked about."""
    return clean(f"{done}/{total} statements, {seconds:.0f} s; asking {solver}")
