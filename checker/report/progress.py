"""What is being decided, in one line."""

from __future__ import annotations

from collections.abc import Sequence

from checker.report.styled import clean
from checker.verification import Working


def progress_text(done: int, total: int, working: Sequence[Working]) -> str:
    """How many checks are left, and which are being decided."""
    names = ", ".join(f"{each.task.subject.name}: {each.task.checks[each.index].label}" for each in working)
    return clean(f"{done}/{total} checks done; {names}" if names else f"{done}/{total} checks done")
