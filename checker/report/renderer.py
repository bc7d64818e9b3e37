"""An output format: makes text of reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from checker.base.values import frozen
from checker.report.lines import Line
from checker.report.reports import Detail, Report

if TYPE_CHECKING:
    from checker.program import Check
    from checker.verify.results import CheckResult

    Early = Callable[[CheckResult, Sequence[Check], Detail], Sequence[Line]]


@frozen
class Renderer:
    """An output format. ``render`` gives the whole text of a report, as lines where a terminal may colour it; ``early``
    tells of one result, with all checks of its scenario that are to be told of in this order, where a format does not
    have to wait for the whole. A format that is ``judging`` is about cases (`checker.report.cases`): it is only for
    commands that judge."""

    name: str
    render: Callable[[Report], str | Sequence[Line]]
    early: Early | None = None
    judging: bool = False
