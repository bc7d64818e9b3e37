"""The reports that a command is asked for: one on standard output, others in files, each in a format of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic
from checker.base.exit_status import ExitStatus, status_of_code, worst
from checker.base.values import frozen
from checker.cli.crash import crash, silence
from checker.report.renderers import RENDERERS
from checker.report.reports import CheckReport, InspectReport, Report, VerifyReport

_STANDARD_OUTPUT = "-"


@frozen
class ReportFile:
    """A report that is to be written to a file; without a path, to standard output."""

    form: str
    path: Path | None


class ReportFileWord(click.ParamType[ReportFile]):
    """A word FORMAT=FILE."""

    name = "report"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> ReportFile:
        """Return the report that the word asks for."""
        if isinstance(value, ReportFile):
            return value
        form, equals, file = str(value).partition("=")
        if not equals or not file or form not in RENDERERS:
            self.fail(f"{value}: write FORMAT=FILE; a FORMAT is {', '.join(RENDERERS)}", param, ctx)
        if file.endswith(".layout"):
            self.fail(f"{value}: a report would take the place of a program", param, ctx)
        return ReportFile(form, None if file == _STANDARD_OUTPUT else Path(file))

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """Return the formats that begin so."""
        return [click.shell_completion.CompletionItem(f"{name}=") for name in RENDERERS if name.startswith(incomplete)]


@frozen
class Outputs:
    """The format of the report on standard output, and the reports in files."""

    form: str
    files: tuple[ReportFile, ...] = ()

    @property
    def early(self) -> bool:
        """Tell whether what is on standard output tells of results as they come."""
        return RENDERERS[self.form].early is not None

    def unwritable(self) -> tuple[Outputs, list[Diagnostic]]:
        """Leave out the files that cannot be written, as far as can be told before anything is decided; and say why."""
        from checker.base.files import unwritable

        problems = {file: unwritable(file.path) for file in self.files if file.path is not None}
        left = tuple(file for file in self.files if problems.get(file) is None)
        return replace(self, files=left), [each for each in problems.values() if each is not None]


def chosen_outputs(form: str | None, files: Sequence[ReportFile]) -> Outputs:
    """The reports that a command line asks for. Raises `click.UsageError`."""
    shown = [each.form for each in files if each.path is None]
    if len(shown) + (form is not None) > 1:
        raise click.UsageError("standard output takes one report: name files for the others, --output FORMAT=FILE")
    kept = [each for each in files if each.path is not None]
    names = [str(each.path) for each in kept]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise click.UsageError(f"--output: two reports are to be written to {twice[0]}")
    return Outputs(form or (shown[0] if shown else next(iter(RENDERERS))), tuple(kept))


def tell_all(report: Report, outputs: Outputs) -> ExitStatus:
    """Write a report in every format that is asked for, and return the status with which the command ends.

    Files come first: whoever reads standard output may go away. A file that cannot be written is told in what is
    written after it, so that no report ends well where another is missing.
    """
    from checker.base.files import why
    from checker.cli.terminal import complain, tell

    problems: list[Diagnostic] = []
    for file in outputs.files:
        problem = _put(report, file)
        if problem is not None:
            problems.append(problem)
            report = _with_problem(report, problem)
    complain(problems)
    try:
        status = tell(report, outputs.form)
    except BrokenPipeError:
        raise
    except OSError as error:
        silence()
        message = f"cannot write standard output: {why(error)}"
        problems.append(Diagnostic(CommandCode.UNWRITABLE, message, help="make room, or have it written elsewhere"))
        complain(problems[-1:])
        status = report.status
    return worst((status, *(status_of_code(each.code) for each in problems)))


def _put(report: Report, file: ReportFile) -> Diagnostic | None:
    """Write a report to a file; or say why that cannot be. One that the checker fails to make is no reason to lose the
    others."""
    from checker.base.files import replace as put
    from checker.report.lines import plain

    assert file.path is not None
    # In a file there is nothing that was told before.
    whole = replace(report, told=False) if isinstance(report, VerifyReport) else report
    try:
        made = RENDERERS[file.form].render(whole)
    except Exception as error:
        return crash(error)
    return put(file.path, (made if isinstance(made, str) else plain(made)).encode("utf-8", "backslashreplace"))


def _with_problem(report: Report, problem: Diagnostic) -> Report:
    """A report that says as well why another could not be written."""
    match report:
        case VerifyReport():
            status = worst((report.status, status_of_code(problem.code)))
            return replace(report, diagnostics=[*report.diagnostics, problem], status=status)
        case CheckReport() | InspectReport():
            return replace(report, diagnostics=[*report.diagnostics, problem])
        case _:
            return report
