"""Reports as lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, assert_never

from checker.base.diagnostic import Diagnostic
from checker.report.lines import Line, clean, line
from checker.report.renderer import Renderer
from checker.report.reports import (
    AgainstReport,
    BudgetReport,
    CacheReport,
    CheckReport,
    CompareReport,
    Detail,
    DiffReport,
    DoctorReport,
    ExplainReport,
    ExternalReport,
    FmtReport,
    Formatted,
    IdentifyManyReport,
    IdentifyReport,
    InspectReport,
    ListReport,
    ModelsReport,
    MutateReport,
    ReplayReport,
    Report,
    RunReport,
    ShowReport,
    VerifyReport,
    WhereReport,
)

if TYPE_CHECKING:
    from checker.program import Check
    from checker.verify.results import CheckResult


def render(report: Report) -> str | Sequence[Line]:
    """Draw a report."""
    match report:
        case VerifyReport():
            return _verify(report)
        case DiffReport():
            from checker.report.views.diff import diff_lines

            return diff_lines(report)
        case ExternalReport():
            from checker.report.views.external import external_lines

            return external_lines(report)
        case MutateReport():
            from checker.report.views.mutants import mutate_lines

            return mutate_lines(report)
        case BudgetReport():
            from checker.report.views.budgets import budget_lines

            return budget_lines(report)
        case IdentifyReport():
            from checker.report.views.identify import identify_lines

            return identify_lines(report)
        case IdentifyManyReport():
            from checker.report.views.identify import identification_lines

            return identification_lines(report)
        case CompareReport():
            from checker.report.views.compare import compare_lines

            return compare_lines(report)
        case ListReport():
            from checker.report.views.verdicts import task_lines

            return task_lines(report.tasks)
        case RunReport():
            from checker.report.views.layout import layout_lines

            return [] if isinstance(report.made, Diagnostic) else layout_lines(*report.made)
        case CheckReport():
            from checker.report.views.handover import step_lines

            return [each for step in report.steps for each in step_lines(step)]
        case InspectReport():
            from checker.report.views.inspection import inspection_lines

            return inspection_lines(report)
        case AgainstReport():
            from checker.report.views.against import against_lines

            return against_lines(report)
        case WhereReport():
            from checker.report.views.where import where_lines

            return where_lines(report)
        case DoctorReport():
            from checker.report.views.solvers import solver_lines

            return solver_lines(report.solvers)
        case CacheReport():
            from checker.report.views.cached import cache_lines

            return [] if isinstance(report.state, Diagnostic) else cache_lines(report.state)
        case ModelsReport():
            from checker.report.views.models import model_lines, model_table

            if not report.whole:
                return model_table([(name, model.program) for name, model in report.models])
            return [each for name, model in report.models for each in model_lines(name, model)]
        case FmtReport():
            return "".join(map(_file, report.files))
        case ExplainReport():
            from checker.report.views.explanations import explanation_lines

            return [] if isinstance(report.found, Diagnostic) else explanation_lines(report.found)
        case ReplayReport():
            from checker.report.views.replayed import replayed_lines

            return [each for _, replayed in report.results for each in replayed_lines(replayed)]
        case ShowReport():
            return _show(report)
        case _:
            assert_never(report)


def early(result: CheckResult, among: Sequence[Check], detail: Detail) -> Sequence[Line]:
    """Draw one result of a scenario."""
    from checker.report.views.verdicts import result_lines

    return result_lines(result, among, detail)


def _verify(report: VerifyReport) -> list[Line]:
    from checker.report.views.verdicts import scenario_lines, stated_lines, summary_line, undecided_lines

    lines: list[Line] = []
    if not report.told:
        for _, found in groupby(report.results, key=lambda each: each.order[:2]):
            lines += scenario_lines(list(found), report.detail)
    lines += undecided_lines(report)
    lines += stated_lines(report.results)
    if report.results:
        made = f"{report.versions.tool}, {report.versions.solver}"
        lines.append(summary_line(report.results, report.seconds, made, report.diagnostics))
    return lines


def _show(report: ShowReport) -> list[Line]:
    from checker.report.pictures.terminal import picture_lines

    if isinstance(report.pictures, Diagnostic):
        return []
    if report.written:
        count = len(report.pictures)
        return [line(f"{count} picture{'' if count == 1 else 's'} in {clean(name)}") for name in report.written]
    blocks = [picture_lines(picture) for picture in report.pictures]
    return [each for block in blocks[:1] for each in block] + [
        each for block in blocks[1:] for each in (line(), line(), *block)
    ]


def _file(file: tuple[str, Formatted, str | None]) -> str:
    name, outcome, text = file
    if text is not None:
        return text
    return "" if outcome is Formatted.UNCHANGED else f"{line(f'{outcome} {clean(name)}').text}\n"


TEXT = Renderer("text", render, early)
