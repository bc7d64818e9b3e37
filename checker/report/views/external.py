"""Proofs that others have checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from checker.base.diagnostic import Diagnostic
from checker.report.lines import Line, Piece, Style, clean, line
from checker.report.reports import Detail, ExternalReport
from checker.report.shapes.external import ExternalCheckShape, ExternalShape, ExternalStatementShape
from checker.report.views.diagnostics import json_diagnostic


def external_lines(report: ExternalReport) -> list[Line]:
    """Draw what others make of a bundle."""
    return [] if isinstance(report.made, Diagnostic) else list(_lines(report))


def _lines(report: ExternalReport) -> Iterator[Line]:
    assert not isinstance(report.made, Diagnostic)
    manifest, results = report.made
    for each in _checks(report):
        whole = each.confirmed == each.statements
        if whole and report.detail is Detail.QUIET:
            continue
        count = Piece(f"{each.confirmed:4} of {each.statements:4}", Style.GOOD if whole else Style.UNSURE)
        yield line("  ", count, f"  {clean(each.file)}, {clean(each.scenario)}: {clean(each.property)}")
    for result in results:
        if result.rejected:
            yield line(f"{clean(result.statement.text.file)}: ", Piece("rejected", Style.BAD), f": {clean(result.why)}")
        elif not result.confirmed and report.detail is Detail.FULL:
            yield line(f"{clean(result.statement.text.file)}: {clean(result.why)}")
    by = Counter(result.confirmed for result in results if result.confirmed)
    said = ", ".join(f"{count} confirmed by {name}" for name, count in by.most_common()) or "none confirmed"
    rejected = sum(result.rejected for result in results)
    left = len(results) - sum(by.values()) - rejected
    said += f", {rejected} rejected" if rejected else ""
    said += f", {left} by nobody" if left else ""
    yield line(f"{len(results)} statements: {said} ({report.seconds:.2f} s, {clean(manifest.sat)})")


def _checks(report: ExternalReport) -> list[ExternalCheckShape]:
    assert not isinstance(report.made, Diagnostic)
    manifest, results = report.made
    return [
        ExternalCheckShape(
            each.file,
            each.scenario,
            each.property,
            len(each.statements),
            sum(bool(results[number].confirmed) for number in each.statements),
        )
        for each in manifest.checks
    ]


def json_external(report: ExternalReport) -> ExternalShape:
    """Put what others make of a bundle into its shape."""
    wrong = isinstance(report.made, Diagnostic)
    return ExternalShape(
        statements=[]
        if isinstance(report.made, Diagnostic)
        else [
            ExternalStatementShape(
                each.statement.text.file,
                each.confirmed or None,
                each.rejected,
                each.why,
                each.statement.clauses,
                each.statement.steps,
            )
            for each in report.made[1]
        ],
        checks=[] if wrong else _checks(report),
        diagnostics=[json_diagnostic(report.made)] if isinstance(report.made, Diagnostic) else [],
        sat="" if isinstance(report.made, Diagnostic) else report.made[0].sat,
        seconds=round(report.seconds, 3),
        exit_status=int(report.status),
        tool=report.versions.tool,
    )
