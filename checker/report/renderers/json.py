"""Reports as JSON, in the shapes of `checker.report.shapes`."""

from __future__ import annotations

import json
from typing import assert_never

import msgspec

from checker.base.diagnostic import Diagnostic
from checker.report import shapes as j
from checker.report.renderer import Renderer
from checker.report.reports import (
    AgainstReport,
    BudgetReport,
    CacheReport,
    CheckReport,
    CompareReport,
    DiffReport,
    DoctorReport,
    ExplainReport,
    ExternalReport,
    FmtReport,
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
from checker.report.shapes.counterexamples import ReplayShape
from checker.report.shapes.pictures import ShowShape


def render(report: Report) -> str:
    """Write a report as JSON."""
    return json.dumps(msgspec.to_builtins(shape(report), enc_hook=_plain), indent=1) + "\n"


def _plain(value: object) -> str:
    """Forget the place that a name in a program knows."""
    assert isinstance(value, str)
    return str(value)


def shape(report: Report) -> msgspec.Struct:
    """Bring a report into the shape that is published."""
    from checker.report.views.diagnostics import json_diagnostic

    match report:
        case VerifyReport():
            from checker.report.views.verdicts import json_verify

            return json_verify(report)
        case DiffReport():
            from checker.report.views.diff import json_diff

            return json_diff(report)
        case ExternalReport():
            from checker.report.views.external import json_external

            return json_external(report)
        case MutateReport():
            from checker.report.views.mutants import json_mutate

            return json_mutate(report)
        case BudgetReport():
            from checker.report.views.budgets import json_budgets

            return json_budgets(report)
        case IdentifyReport():
            from checker.report.views.identify import json_identify

            return json_identify(report)
        case IdentifyManyReport():
            from checker.report.views.identify import json_identify_many

            return json_identify_many(report)
        case ListReport():
            from checker.report.views.verdicts import json_tasks

            return j.ListShape(json_tasks(report.tasks), [json_diagnostic(each) for each in report.diagnostics])
        case CompareReport():
            from checker.report.views.compare import json_compare

            return json_compare(report)
        case RunReport():
            from checker.report.views.layout import json_layout

            if isinstance(report.made, Diagnostic):
                return j.LayoutShape(diagnostics=[json_diagnostic(report.made)])
            return json_layout(*report.made)
        case CheckReport():
            from checker.report.views.handover import json_step

            diagnostics = [json_diagnostic(each) for each in report.diagnostics]
            steps = [json_step(each) for each in report.steps]
            return j.CheckShape(steps, diagnostics, int(report.status), report.versions.tool)
        case InspectReport():
            from checker.report.views.inspection import json_inspections

            return json_inspections(report)
        case AgainstReport():
            from checker.report.views.against import json_against

            return json_against(report)
        case WhereReport():
            from checker.report.views.where import json_where

            return json_where(report)
        case DoctorReport():
            from checker.report.views.solvers import json_solvers

            return json_solvers(report.solvers)
        case CacheReport():
            from checker.report.views.cached import json_cache

            return json_cache(report.state)
        case ModelsReport():
            from checker.report.views.models import json_model

            models = [json_model(name, model.name, model.program) for name, model in report.models]
            return j.ModelsShape(models, [json_diagnostic(each) for each in report.diagnostics])
        case FmtReport():
            files = [j.FileShape(name, outcome.value, text) for name, outcome, text in report.files]
            return j.FmtShape(files, [json_diagnostic(each) for each in report.diagnostics], int(report.status))
        case ExplainReport():
            if isinstance(report.found, Diagnostic):
                return j.ExplainShape([], [json_diagnostic(report.found)])
            codes = [j.CodeShape(each.code.value, each.code.meaning, each.text) for each in report.found]
            return j.ExplainShape(codes, [])
        case ReplayReport():
            from checker.report.views.replayed import json_replayed

            results = [json_replayed(name, replayed) for name, replayed in report.results]
            diagnostics = [json_diagnostic(each) for each in report.diagnostics]
            return ReplayShape(results, diagnostics, int(report.status), report.versions.tool)
        case ShowReport():
            from checker.report.pictures.data import json_picture

            if isinstance(report.pictures, Diagnostic):
                return ShowShape([], [], [json_diagnostic(report.pictures)])
            return ShowShape([json_picture(each) for each in report.pictures], list(report.written), [])
        case _:
            assert_never(report)


JSON = Renderer("json", render)
