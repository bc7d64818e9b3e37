"""Reports as lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, assert_never

from checker.base.diagnostic import Diagnostic
from checker.report.lines import Line, clean, line
from checker.report.renderer import Renderer
from checker.report.reports import (
    CheckReport,
    DoctorReport,
    ExplainReport,
    FmtReport,
    Formatted,
    ModelsReport,
    Report,
    RunReport,
    VerifyReport,
)

if TYPE_CHECKING:
    from checker.verify.results import CheckResult


def render(report: Report) -> str | Sequence[Line]:
    """Draw a report."""
    match report:
        case VerifyReport():
            return _verify(report)
        case RunReport():
            from checker.report.views.layout import layout_lines

            return [] if isinstance(report.made, Diagnostic) else layout_lines(*report.made)
        case CheckReport():
            from checker.report.views.handover import step_lines

            return [each for step in report.steps for each in step_lines(step)]
        case DoctorReport():
            from checker.report.views.solvers import solver_lines

            return solver_lines(report.solvers)
        case ModelsReport():
            from checker.report.views.models import model_lines

            return [each for name, model in report.models for each in model_lines(name, model.program)]
        case FmtReport():
            return "".join(map(_file, report.files))
        case ExplainReport():
            from checker.report.views.explanations import explanation_lines

            return [] if isinstance(report.found, Diagnostic) else explanation_lines(report.found)
        case _:
            assert_never(report)


def early(results: Sequence[CheckResult], verbose: bool) -> Sequence[Line]:
    """Draw the results of one scenario."""
    from checker.report.views.verdicts import scenario_lines

    return scenario_lines(results, verbose=verbose)


def _verify(report: VerifyReport) -> list[Line]:
    from checker.report.views.verdicts import summary_line

    lines: list[Line] = []
    if not report.told:
        for _, found in groupby(report.results, key=lambda each: each.order[:2]):
            lines += early(list(found), report.verbose)
    if report.results:
        lines.append(summary_line(report.results, report.seconds, f"{report.versions.tool}, {report.versions.solver}"))
    return lines


def _file(file: tuple[str, Formatted, str | None]) -> str:
    name, outcome, text = file
    if text is not None:
        return text
    return "" if outcome is Formatted.UNCHANGED else f"{line(f'{outcome} {clean(name)}').text}\n"


TEXT = Renderer("text", render, early)
