"""The algorithms that were tried on a captured layout: which explain it, and where the others part from it."""

from __future__ import annotations

from collections import Counter

from checker.compare.identify import Attempt, Identification, Mismatch
from checker.handover.findings import type_name
from checker.report.lines import Line, Piece, Style, clean, line, table
from checker.report.reports import IdentifyManyReport, IdentifyReport
from checker.report.shapes.comparisons import (
    AttemptShape,
    IdentificationShape,
    IdentifyManyShape,
    IdentifyShape,
    MismatchShape,
)
from checker.report.views.diagnostics import json_diagnostic


def identify_lines(report: IdentifyReport) -> list[Line]:
    """Draw what was found, if the capture could be read."""
    if report.boot is None:
        return []
    placed, listed = len(report.boot.placed), len(report.boot.firmware.descriptors)
    counts = f"{placed} region{'' if placed == 1 else 's'} with an address, {listed} in the firmware's list"
    lines = [line(Piece(clean(report.boot.source), Style.STRONG), f": {counts}")]
    exact = [each for each in report.attempts if each.exact]
    for each in exact:
        name = Piece(clean(each.chosen.name), Style.GOOD)
        lines.append(line("explained by ", name, _from_base(each), _excuses(each)))
        if each.chosen.algorithm.origin is not None:
            lines.append(line(Piece(f"  {clean(each.chosen.algorithm.origin)}", Style.DIM)))
    if not exact:
        lines.append(line(Piece("explained by none of the algorithms", Style.BAD)))
    others = [each for each in report.attempts if not each.exact]
    if others:
        rows = [[clean(each.chosen.name), str(len(each.mismatches)), _where(each.mismatches[0])] for each in others]
        first, *drawn = table(["algorithm", "differences", "the first"], rows, frozenset({1}))
        lines += [line(Piece(first, Style.DIM)), *map(line, drawn)]
    return lines


def _from_base(attempt: Attempt) -> str:
    """Say from which first address, if that is the capture's own."""
    return "" if attempt.base is None else f" with {clean(attempt.base[0])} = {attempt.base[1]:#x}"


def _excuses(attempt: Attempt) -> str:
    """Say what is no difference, and yet not the same."""
    order = "in its order" if attempt.in_order else "in another order"
    if not attempt.freed:
        return f", {order}"
    regions = "region" if attempt.freed == 1 else "regions"
    return f", {order}; {attempt.freed} boot-services {regions} freed since"


def _where(mismatch: Mismatch) -> str:
    def place(address: int | None) -> str:
        return "nowhere" if address is None else f"{address:#x}"

    return (
        f"{type_name(mismatch.type)} {mismatch.start:#x}: "
        f"{place(mismatch.predicted)}, captured {place(mismatch.captured)}"
    )


def json_identify(report: IdentifyReport) -> IdentifyShape:
    """Put what was found into its shape."""
    return IdentifyShape(
        models=[_json_attempt(each) for each in report.attempts],
        listed=0 if report.boot is None else len(report.boot.firmware.descriptors),
        placed=0 if report.boot is None else len(report.boot.placed),
        diagnostics=[json_diagnostic(each) for each in report.diagnostics],
        exit_status=int(report.status),
        tool=report.versions.tool,
    )


def _json_attempt(attempt: Attempt) -> AttemptShape:
    return AttemptShape(
        attempt.chosen.name,
        attempt.chosen.algorithm.origin,
        attempt.exact,
        len(attempt.mismatches),
        None if attempt.exact else _json_mismatch(attempt.mismatches[0]),
        attempt.in_order,
        attempt.freed,
        attempt.suits,
        None if attempt.base is None else f"{attempt.base[1]:#x}",
    )


def _json_mismatch(mismatch: Mismatch) -> MismatchShape:
    def place(address: int | None) -> str | None:
        return None if address is None else f"{address:#x}"

    return MismatchShape(
        mismatch.type,
        f"{mismatch.start:#x}",
        f"{mismatch.end:#x}",
        place(mismatch.predicted),
        place(mismatch.captured),
    )


def identification_lines(report: IdentifyManyReport) -> list[Line]:
    """Draw what explains each of many captures, a line for each, and how many there are of each kind."""
    lines = [
        line(
            Piece(clean(each.source), Style.STRONG),
            f": {each.placed} of {each.listed} placed, ",
            _explained(each),
        )
        for each in report.found
    ]
    if not report.found:
        return lines
    kinds = Counter(", ".join(each.explained_by) for each in report.found if each.explained_by)
    total = len(report.found)
    parts = [f"{count} by {clean(names)}" for names, count in kinds.most_common()]
    parts.append(f"{total - sum(kinds.values())} by none")
    text = f"{total} capture{'' if total == 1 else 's'} explained: {'; '.join(parts)}"
    unread, passed = len(report.diagnostics), len(report.passed_over)
    text += f"; {unread} could not be read" if unread else ""
    text += f"; {passed} more that {'is' if passed == 1 else 'are'} none" if passed else ""
    return [*lines, line(text)]


def _explained(found: Identification) -> Piece:
    if found.explained_by:
        return Piece(f"explained by {clean(', '.join(found.explained_by))}", Style.GOOD)
    places = f"{found.differences} difference{'' if found.differences == 1 else 's'}"
    return Piece(f"explained by none; nearest is {clean(found.nearest)}, {places}", Style.BAD)


def json_identify_many(report: IdentifyManyReport) -> IdentifyManyShape:
    """Put what was found of many captures into its shape."""
    return IdentifyManyShape(
        captures=[
            IdentificationShape(
                source=each.source,
                listed=each.listed,
                placed=each.placed,
                explained_by=list(each.explained_by),
                nearest=each.nearest or None,
                differences=each.differences,
            )
            for each in report.found
        ],
        passed_over=list(report.passed_over),
        diagnostics=[json_diagnostic(each) for each in report.diagnostics],
        exit_status=int(report.status),
        tool=report.versions.tool,
    )
