"""Reports as SARIF 2.1.0: what is not as expected, for code scanning and editors.

What is as expected is no result: services show every result as something to be mended, whatever its `kind` says. What
has no place in a file is a notification; the exit status is that of the invocation.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec

from checker.base.diagnostic import Severity, Span
from checker.base.exit_status import ExitStatus
from checker.report.cases import Case, Cases, local_path
from checker.report.renderer import Renderer
from checker.report.reports import Report
from checker.report.shapes import sarif as s

if TYPE_CHECKING:
    from checker.library import Explanation
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_BASE = "%SRCROOT%"
"""The folder in which the command ran, by the name that services give the root of a repository."""

_FINGERPRINT = "mapproof/v1"

_CARRIED_OUT = (ExitStatus.AS_EXPECTED, ExitStatus.NOT_AS_EXPECTED, ExitStatus.UNDECIDED)


def render(report: Report) -> str:
    """Write a report as SARIF."""
    from checker.library import explanations
    from checker.report.views.cases import cases

    return json.dumps(msgspec.to_builtins(_log(cases(report), explanations())), indent=1) + "\n"


def _log(found: Cases, pages: dict[str, Explanation]) -> s.SarifLogShape:
    told = [each for each in found.all if each.told]
    results = [each for each in told if _is_result(each)]
    notes = [each for each in told if not _is_result(each)]
    rules, notifications = _codes(results), _codes(notes)
    driver = s.DriverShape(
        "mapproof",
        found.tool.removeprefix("mapproof "),
        [_descriptor(pages[code]) for code in rules],
        [_descriptor(pages[code]) for code in notifications],
    )
    invocation = s.InvocationShape(
        found.status in _CARRIED_OUT,
        int(found.status),
        found.status.name.lower().replace("_", " "),
        [_notification(each, notifications) for each in notes],
    )
    run = s.SarifRunShape(
        s.ToolShape(driver),
        [invocation],
        [_result(each, rules, baseline=found.baseline) for each in results],
        "unicodeCodePoints",
        {"summary": found.summary, "solver": found.solver},
    )
    return s.SarifLogShape(_SCHEMA, "2.1.0", [run])


def _is_result(case: Case) -> bool:
    return case.status in _CARRIED_OUT or case.span is not None


def _codes(cases: Iterable[Case]) -> list[str]:
    """The codes that are spoken of, sorted."""
    return sorted({str(each.code) for each in cases})


def _descriptor(page: Explanation) -> s.ReportingDescriptorShape:
    title = page.code.meaning[:1].upper() + page.code.meaning[1:]
    first = " ".join(page.text.partition("\n\n")[0].split())
    return s.ReportingDescriptorShape(
        page.code.value, s.MessageShape(f"{title}."), s.MessageShape(first), s.MessageShape(page.text, page.text)
    )


def _result(case: Case, rules: Sequence[str], *, baseline: bool) -> s.SarifResultShape:
    text = f"{case.message}\n\n{case.text.rstrip()}" if case.text.strip() else case.message
    suppressions = [s.SuppressionShape("external", "it is in the baseline")] if case.known else []
    related = [_related(each.span, each.label) for each in case.places]
    return s.SarifResultShape(
        rule_id=str(case.code),
        rule_index=rules.index(str(case.code)),
        level=_level(case.severity),
        message=_message(text),
        locations=_locations(case),
        related_locations=[each for each in related if each is not None],
        partial_fingerprints={_FINGERPRINT: case.fingerprint},
        baseline_state=("unchanged" if case.known else "new") if baseline else None,
        suppressions=suppressions,
        properties={"check": case.name, "status": str(int(case.status)), **dict(case.facts)},
    )


def _message(text: str) -> s.MessageShape:
    """A message that means itself: braces would be placeholders (section 3.11.5), `[a](b)` a link (3.11.6)."""
    return s.MessageShape(text.replace("{", "{{").replace("}", "}}").replace("](", "\\]("))


def _locations(case: Case) -> list[s.LocationShape]:
    if not case.file:
        return []
    place = s.PhysicalLocationShape(_artifact(case.file), None if case.span is None else _region(case.span))
    return [s.LocationShape(place, logical_locations=[s.LogicalLocationShape(case.group)])]


def _related(span: Span, label: str) -> s.LocationShape | None:
    """A related place; none in a file that came with the tool: who shows the report does not have it."""
    if local_path(span.source.name).startswith("/"):
        return None
    place = s.PhysicalLocationShape(_artifact(span.source.name), _region(span))
    return s.LocationShape(place, _message(label))


def _artifact(name: str) -> s.ArtifactLocationShape:
    path = local_path(name)
    if path.startswith("/"):
        return s.ArtifactLocationShape(Path(path).as_uri())
    return s.ArtifactLocationShape(quote(path, errors="surrogateescape"), _BASE)


def _region(span: Span) -> s.RegionShape:
    end = Span(span.source, span.end, span.end)
    return s.RegionShape(span.line, span.column, end.line, end.column)


def _notification(case: Case, codes: Sequence[str]) -> s.NotificationShape:
    code = str(case.code)
    text = "\n".join([case.message, *case.text.splitlines()])
    return s.NotificationShape(
        s.DescriptorReferenceShape(code, codes.index(code)), _level(case.severity), _message(text)
    )


def _level(severity: Severity) -> str:
    """The level of a severity: they have the same names."""
    return severity.value


SARIF = Renderer("sarif", render, judging=True)
