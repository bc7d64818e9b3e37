"""Proofs that others have checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from checker.base.codes import VerdictCode
from checker.base.diagnostic import Diagnostic
from checker.base.exit_status import ExitStatus
from checker.report.cases import Case, fingerprint, severity_of
from checker.report.lines import Line, Piece, Style, clean, line
from checker.report.reports import Detail, ExternalReport
from checker.report.shapes.external import ExternalCheckShape, ExternalShape, ExternalStatementShape
from checker.report.views.diagnostics import json_diagnostic
from checker.verify.external.bundle import ExternalResult, Manifest


def external_lines(report: ExternalReport) -> list[Line]:
    """Draw what others make of a bundle."""
    return [] if isinstance(report.made, Diagnostic) else list(_lines(report))


def _lines(report: ExternalReport) -> Iterator[Line]:
    assert not isinstance(report.made, Diagnostic)
    _, results = report.made
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
    yield line(external_summary(report))


def external_summary(report: ExternalReport) -> str:
    """Say in a line what others make of a bundle."""
    assert not isinstance(report.made, Diagnostic)
    manifest, results = report.made
    by = Counter(result.confirmed for result in results if result.confirmed)
    said = ", ".join(f"{count} confirmed by {name}" for name, count in by.most_common()) or "none confirmed"
    rejected = sum(result.rejected for result in results)
    left = len(results) - sum(by.values()) - rejected
    said += f", {rejected} rejected" if rejected else ""
    said += f", {left} by nobody" if left else ""
    return f"{len(results)} statements: {said} ({report.seconds:.2f} s, {clean(manifest.sat)})"


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


def statement_case(manifest: Manifest, results: Sequence[ExternalResult], number: int) -> Case:
    """Return the case of a statement of a bundle, told with the first check that needs it."""
    found = results[number]
    check = next((each for each in manifest.checks if number in each.statements), None)
    status = ExitStatus.AS_EXPECTED if found.confirmed else ExitStatus.UNDECIDED
    if found.rejected:
        status = ExitStatus.NOT_AS_EXPECTED
    codes = {ExitStatus.NOT_AS_EXPECTED: VerdictCode.REJECTED, ExitStatus.UNDECIDED: VerdictCode.UNKNOWN}
    verdict = "rejected" if found.rejected else "confirmed" if found.confirmed else "unconfirmed"
    code, file = codes.get(status), clean(found.statement.text.file)
    said = f"confirmed by {found.confirmed}" if found.confirmed else f"{verdict}: {found.why}"
    return Case(
        group="bundle" if check is None else clean(f"{check.file}: {check.scenario}: {check.property}"),
        name=file,
        status=status,
        severity=severity_of(status),
        code=code,
        message=clean(f"{file} is {said}"),
        file="",
        facts=(("verdict", verdict),),
        fingerprint="" if code is None else fingerprint(code, found.statement.text.sha256),
    )


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
        diagnostics=[
            json_diagnostic(each)
            for each in ([report.made] if isinstance(report.made, Diagnostic) else report.diagnostics)
        ],
        sat="" if isinstance(report.made, Diagnostic) else report.made[0].sat,
        seconds=round(report.seconds, 3),
        exit_status=int(report.status),
        tool=report.versions.tool,
    )
