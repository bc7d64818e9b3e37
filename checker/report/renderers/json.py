"""Reports as JSON, in the shapes of `checker.report.shapes`."""

from __future__ import annotations

import json
from typing import assert_never

import msgspec

from checker.base.diagnostic import Diagnostic
from checker.report import shapes as j
from checker.report.renderer import Renderer
from checker.report.reports import (
    CheckReport,
    DoctorReport,
    ExplainReport,
    FmtReport,
    ModelsReport,
    Report,
    RunReport,
    VerifyReport,
)


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
        case RunReport():
            from checker.report.views.layout import json_layout

            if isinstance(report.made, Diagnostic):
                return j.LayoutShape(diagnostics=[json_diagnostic(report.made)])
            chosen, layout = report.made
            return json_layout(chosen.name, chosen.algorithm, layout)
        case CheckReport():
            from checker.report.views.handover import json_step

            diagnostics = [json_diagnostic(each) for each in report.diagnostics]
            steps = [json_step(each) for each in report.steps]
            return j.CheckShape(steps, diagnostics, int(report.status), report.versions.tool)
        case DoctorReport():
            from checker.report.views.solvers import json_solvers

            return json_solvers(report.solvers)
        case ModelsReport():
            from checker.report.views.models import json_model

            models = [json_model(name, model.program) for name, model in report.models]
            return j.ModelsShape(models, [json_diagnostic(each) for each in report.diagnostics])
        case FmtReport():
            files = [j.FileShape(name, outcome.value, text) for name, outcome, text in report.files]
            return j.FmtShape(files, [json_diagnostic(each) for each in report.diagnostics], int(report.status))
        case ExplainReport():
            if isinstance(report.found, Diagnostic):
                return j.ExplainShape([], [json_diagnostic(report.found)])
            codes = [j.CodeShape(each.code.value, each.code.meaning, each.text) for each in report.found]
            return j.ExplainShape(codes, [])
        case _:
            assert_never(report)


JSON = Renderer("json", render)
