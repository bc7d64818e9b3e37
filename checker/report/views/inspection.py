"""Maps that were checked: their findings, worst first, and the room in the window, as lines and in their shape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import UNSET

from checker.base.diagnostic import Diagnostic, Severity
from checker.base.exit_status import ends_a_run
from checker.handover.findings import entries
from checker.inspect import Inspection, Room, is_runtime, numbers
from checker.memmap import MemoryMap
from checker.report.lines import Line, Piece, Style, clean, line
from checker.report.reports import InspectReport
from checker.report.shapes.maps import (
    CheckMapShape,
    CheckMapsShape,
    HandedOverShape,
    InspectionShape,
    MapFindingShape,
    MapShape,
    WindowShape,
)
from checker.report.values import about, size
from checker.report.views.diagnostics import json_diagnostic, severity_piece
from checker.report.views.handover import json_region

_BAR = 40
"""Columns of the picture of the window."""

_RANGES = 4
"""The most ranges of region numbers that a line shows."""


def inspection_lines(report: InspectReport) -> list[Line]:
    """Draw each map with its findings, and what all come to if there are several."""
    lines = [each for inspection in report.inspections for each in _inspection(inspection, report)]
    if report.several and report.inspections:
        lines.append(_summary(report))
    return lines


def _inspection(inspection: Inspection, report: InspectReport) -> list[Line]:
    read, found = inspection.map, inspection.findings
    runtime = sum(map(is_runtime, read.descriptors))
    style = Style.BAD if report.faulty(inspection) else Style.GOOD
    head = f": {entries(len(read.descriptors))}, {runtime} of them runtime regions ({read.format}): "
    lines = [line(Piece(clean(read.source), Style.STRONG), head, Piece(_counted(found), style))]
    if inspection.room is not None and inspection.model is not None:
        lines.append(_room(inspection.room, inspection.model))
    handed = inspection.handed_over
    if handed is not None:
        passed = f"{entries(handed.entries)} handed over, {handed.boot_services} of boot services"
        by = "what has RUNTIME, by no model" if handed.by_runtime else clean(handed.model)
        lines.append(line(f"  kexec  {passed}; {handed.left} of boot services left behind{f' ({by})' if by else ''}"))
    for finding in found:
        where = _listed(numbers(read.descriptors, finding.regions))
        known = " (known: it is in the baseline)" if report.knows(inspection, finding) else ""
        lines.append(
            line("  ", severity_piece(finding), f": {clean(finding.message)}", Piece(where + known, Style.DIM))
        )
        lines.append(line("    ", Piece("help: ", Style.GOOD), clean(finding.help)))
    return lines


def _counted(findings: Sequence[Diagnostic]) -> str:
    """Count findings by how bad they are."""
    counts = Counter(each.severity for each in findings)
    kinds = [(each, counts[each]) for each in (Severity.ERROR, Severity.WARNING, Severity.NOTE) if counts[each]]
    return ", ".join(f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in kinds) or "nothing is wrong"


def _room(room: Room, model: str) -> Line:
    """Draw the window: what regions take from its top, what alignment takes, and what is left."""
    whole = room.whole
    used = -(-room.used * _BAR // whole)
    lost = min(_BAR - used, -(-room.lost * _BAR // whole))
    bar = "#" * used + "~" * lost + "." * (_BAR - used - lost)
    amounts = f"{about(room.used)} used, {about(room.lost)} lost to alignment, {about(room.left)} left"
    return line(f"  window |{bar}| {amounts} of {size(whole)} ({clean(model)})")


def _listed(found: Sequence[int]) -> str:
    """The numbers of regions, neighbours together."""
    ranges: list[list[int]] = []
    for number in sorted(found):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    shown = [f"{first}" if first == last else f"{first}-{last}" for first, last in ranges[:_RANGES]]
    more = [f"{len(ranges) - _RANGES} more"] if len(ranges) > _RANGES else []
    return f" (region{'' if len(found) == 1 else 's'} {', '.join([*shown, *more])})" if found else ""


def _summary(report: InspectReport) -> Line:
    """Count the maps by the worst that was found of each."""
    maps = report.inspections
    faulty = sum(map(report.faulty, maps))
    noted = sum(not report.faulty(each) and bool(each.findings) for each in maps)
    parts = [f"{faulty} faulty", f"{noted} with notes only", f"{len(maps) - faulty - noted} without a finding"]
    text = f"{len(maps)} map{'' if len(maps) == 1 else 's'}: {', '.join(parts)}"
    unread = [each for each in report.diagnostics if not ends_a_run(each.code)]
    text += f"; {len(unread)} could not be read" if unread else ""
    text += "".join(f"; {clean(each.message)}" for each in report.diagnostics if ends_a_run(each.code))
    passed = len(report.passed_over)
    return line(text + (f"; {passed} file{'' if passed == 1 else 's'} without a map" if passed else ""))


def json_inspections(report: InspectReport) -> CheckMapShape | CheckMapsShape:
    """Put a report into its shape: that of one map, or of several."""
    diagnostics = [json_diagnostic(each) for each in report.diagnostics]
    status, tool = int(report.status), report.versions.tool
    shapes = [_json_inspection(each, report) for each in report.inspections]
    if report.several:
        return CheckMapsShape(shapes, list(report.passed_over), diagnostics, status, tool)
    if not shapes:
        return CheckMapShape(None, [], None, None, None, diagnostics, status, tool)
    (one,) = shapes
    return CheckMapShape(one.map, one.findings, one.model, one.window, one.handed_over, diagnostics, status, tool)


def _json_inspection(inspection: Inspection, report: InspectReport) -> InspectionShape:
    room, handed = inspection.room, inspection.handed_over
    return InspectionShape(
        json_map(inspection.map),
        [
            json_map_finding(
                each, numbers(inspection.map.descriptors, each.regions), known=report.knows(inspection, each)
            )
            for each in inspection.findings
        ],
        inspection.model,
        None if room is None else WindowShape(room.used, room.lost, room.left),
        None
        if handed is None
        else HandedOverShape(handed.entries, handed.boot_services, handed.left, handed.model or None),
    )


def json_map(read: MemoryMap) -> MapShape:
    """Put a map into its shape."""
    return MapShape(read.source, str(read.format), [json_region(each) for each in read.descriptors])


def json_map_finding(finding: Diagnostic, regions: Iterable[int], *, known: bool = False) -> MapFindingShape:
    """Put a finding about regions of a map, by their numbers, into its shape."""
    severity, code = finding.severity.value, str(finding.code)
    return MapFindingShape(code, severity, list(regions), finding.message, finding.help, known or UNSET)
