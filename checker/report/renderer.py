"""An output format: makes text of reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checker.report.lines import Line
from checker.report.reports import Report

if TYPE_CHECKING:
    from checker.verify.results import CheckResult


@dataclass(frozen=True)
class Renderer:
    """An output format. ``render`` gives the whole text of a report, as lines where a terminal may colour it; ``early``
    tells of a scenario as soon as it is decided, where a format does not have to wait for the whole."""

    name: str
    render: Callable[[Report], str | Sequence[Line]]
    early: Callable[[Sequence[CheckResult], bool], Sequence[Line]] | None = None
