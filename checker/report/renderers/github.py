"""Reports as annotations of GitHub Actions: lines that its runner reads from the log, and puts beside the source."""

from __future__ import annotations

from checker.base.diagnostic import Severity, Span
from checker.report.cases import Case, local_path
from checker.report.lines import clean
from checker.report.renderer import Renderer
from checker.report.reports import Report

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(report: Report) -> str:
    """Write a report as annotations, the worst first: a service shows ten of a kind; and what it comes to."""
    from checker.report.views.cases import cases

    found = cases(report)
    lines = [_annotation(each) for each in found.worst_first]
    return "".join(f"{each}\n" for each in [*lines, clean(found.summary)] if each)


def _annotation(case: Case) -> str:
    said = dict(case.facts).get("verdict", case.severity.value)
    where = {"file": local_path(case.file)} if case.file else {}
    where |= {} if case.span is None else _stretch(case.span)
    where["title"] = f"{said} [{case.code}]"
    text = "\n".join([case.message, *case.text.splitlines()])
    return f"::{_COMMANDS[case.severity]} {','.join(f'{n}={_value(v)}' for n, v in where.items())}::{_data(text)}"


def _stretch(span: Span) -> dict[str, str]:
    """Lines, and columns where it is all on one: elsewhere the service takes none. The last column is part of it."""
    end = Span(span.source, max(span.start, span.end - 1), span.end)
    lines = {"line": str(span.line), "endLine": str(end.line)}
    return lines if end.line != span.line else {**lines, "col": str(span.column), "endColumn": str(end.column)}


def _data(text: str) -> str:
    """Escape a message: it ends with the line, and percent signs begin an escape."""
    lines = [clean(line).replace("%", "%25") for line in text.splitlines()]
    return "%0A".join(lines)


def _value(text: str) -> str:
    """Escape a value among others."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")


GITHUB = Renderer("github", render, judging=True)
