"""The properties of a model on one map: what holds, what is broken and why, as lines and in their shape."""

from __future__ import annotations

from collections.abc import Iterator

from checker.base.codes import FindingCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.inspect.against import Judged, JudgedScenario, Judgement, NotKept
from checker.report.lines import Line, Piece, Style, clean, line
from checker.report.reports import AgainstReport
from checker.report.shapes.maps import CheckAgainstShape, MapFindingShape, PropertyShape
from checker.report.values import explained
from checker.report.views.counterexample import why
from checker.report.views.diagnostics import json_diagnostic, severity_piece
from checker.report.views.inspection import json_map, json_map_finding
from checker.verify.replay import Seen

_STYLES = {Judgement.HOLDS: Style.GOOD, Judgement.BROKEN: Style.BAD, Judgement.UNDECIDED: Style.UNSURE}
_WIDTH = max(map(len, Judgement))


def against_lines(report: AgainstReport) -> list[Line]:
    """Draw each scenario: the assumptions that the map does not keep, and each property with why it is broken."""
    if isinstance(report.judged, Diagnostic):
        return []
    model, read, scenarios = report.judged
    lines = []
    for each in scenarios:
        lines.append(line(Piece(clean(read.source), Style.STRONG), f" against {clean(model)}: {each.scenario.name}"))
        for judged in each.checks:
            verdict = Piece(f"{judged.judgement:{_WIDTH}}", _STYLES[judged.judgement])
            lines.append(line("  ", verdict, f"  {clean(label(judged))}"))
        for finding, _ in _findings(each):
            lines.append(line("  ", severity_piece(finding), f": {clean(finding.message)}"))
            lines.append(line("    ", Piece("help: ", Style.GOOD), clean(finding.help)))
    return lines


def label(judged: Judged) -> str:
    """The property, without what is assumed of the map: on this one, that is known."""
    return judged.check.label.partition(" assuming ")[0]


def _why(judged: Judged) -> str:
    """Say of a broken property what a counterexample would say, and of an undecided one what was left open."""
    return why(judged.check, Seen(judged.world, judged.broken)) if judged.broken is not None else judged.reason


def _findings(judged: JudgedScenario) -> Iterator[tuple[Diagnostic, list[int]]]:
    """The findings of a scenario, worst first, with the numbers of the regions that they are about."""
    for each in judged.checks:
        if each.broken is not None:
            yield broken_finding(each), [identity.origin for identity in each.broken.regions]
    for missed in judged.not_kept:
        yield not_kept_finding(missed), sorted({each.origin for broken in missed.violations for each in broken.regions})
    for each in judged.checks:
        if each.judgement is Judgement.UNDECIDED:
            yield undecided_finding(each), []


def broken_finding(judged: Judged) -> Diagnostic:
    """Say that a property does not hold on the map."""
    help = "mend the model, or the map: `mapproof verify` says of which maps the property is proved"
    if judged.not_kept:
        help = (
            f"the check assumes {' and '.join(judged.not_kept)}, which this map does not keep: what was proved "
            "does not cover it; the fault may be in the model or the map, with or without that"
        )
    return Diagnostic(FindingCode.PROPERTY_BROKEN, f"{label(judged)}: {_why(judged)}", help=help)


def undecided_finding(judged: Judged) -> Diagnostic:
    """Say that a property depends on more than the map."""
    help = "ask the prover, `mapproof verify`, which takes every value for what is left open"
    message = f"{label(judged)}: {_why(judged)}"
    return Diagnostic(FindingCode.PROPERTY_UNDECIDED, message, help=help, severity=Severity.NOTE)


def not_kept_finding(each: NotKept) -> Diagnostic:
    """Say that the map does not keep what is assumed."""
    source = f" ({each.origin})" if each.origin else ""
    reasons = "; ".join(explained(broken.explanation) for broken in each.violations)
    message = f"the map does not keep `{each.rule}`{source}: {reasons}"
    help = "nothing that was proved under this assumption is known of this map"
    return Diagnostic(FindingCode.ASSUMPTION_NOT_KEPT, message, help=help, severity=Severity.NOTE)


def json_against(report: AgainstReport) -> CheckAgainstShape:
    """Put a report into its shape."""
    status, tool = int(report.status), report.versions.tool
    if isinstance(report.judged, Diagnostic):
        return CheckAgainstShape(None, [], None, [], [json_diagnostic(report.judged)], status, tool)
    model, read, scenarios = report.judged
    findings: list[MapFindingShape] = []
    properties = []
    for each in scenarios:
        findings += [json_map_finding(finding, regions) for finding, regions in _findings(each)]
        properties += [
            PropertyShape(
                each.scenario.name, label(judged), judged.judgement.value, _why(judged), list(judged.not_kept)
            )
            for judged in each.checks
        ]
    return CheckAgainstShape(json_map(read), findings, model, properties, [], status, tool)
