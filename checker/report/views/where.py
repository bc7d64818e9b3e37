"""Regions that hold addresses, and what lies around them, as lines and in their shape."""

from __future__ import annotations

from checker.base.codes import FindingCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.handover.findings import described
from checker.inspect.where import Listing, Located, Space, Spot
from checker.report.lines import Line, Piece, Style, clean, line
from checker.report.reports import WhereReport
from checker.report.shapes.maps import HolderShape, LocatedShape, PlacedAtShape, WhereShape
from checker.report.values import size
from checker.report.views.diagnostics import diagnostic_lines, json_diagnostic
from checker.report.views.handover import json_region


def where_lines(report: WhereReport) -> list[Line]:
    """Draw each address with the regions that hold it, or with the nearest ones."""
    if isinstance(report.made, Diagnostic):
        return []
    lines: list[Line] = []
    for answer in report.made[1]:
        for each in answer.located:
            lines += _located(answer.question.name, each)
    return [*lines, *(each for note in _notes(report) for each in diagnostic_lines(note))]


def _located(asked: str, located: Located) -> list[Line]:
    fault = located.fault
    place = "" if fault.line is None else f" ({clean(asked)}:{fault.line})"
    verdict = Piece("" if located.places else ": in no region", Style.BAD)
    lines = [line(Piece(f"{', '.join(fault.labels)} {fault.address:#x}", Style.STRONG), place, verdict)]
    for holder in located.places:
        offset = fault.address - holder.start
        physical = "" if holder.space is Space.PHYSICAL else f", physical {holder.region.phys_addr + offset:#x}"
        lines.append(line("  ", Piece("in     ", Style.GOOD), f"{_place(holder)}, +{offset:#x}{physical}"))
    held = located.places[:1]
    first = held[0].start if held else fault.address
    last = held[0].end if held else fault.address
    for name, near in (("below", located.below), ("above", located.above)):
        if near is not None:
            gap = first - near.end if name == "below" else near.start - last
            lines.append(line("  ", Piece(f"{name}  ", Style.DIM), f"{_place(near)}, {_distance(gap)}"))
    return lines


def _place(place: Spot) -> str:
    """A region, and where it is if that is not its physical address."""
    of = "" if place.listing is Listing.MAP else f" of the {place.listing}"
    text = f"region {place.number}{of}: {described(place.region)}"
    if place.space is Space.PHYSICAL or place.region.virt_addr == place.start:
        return text
    return f"{text}, mapped at {place.start:#x} by {clean(place.by)}"


def _distance(gap: int) -> str:
    if gap == 0:
        return "adjacent"
    return f"{size(gap)} away" if gap > 0 else f"overlapping by {size(-gap)}"


def _notes(report: WhereReport) -> list[Diagnostic]:
    """A note where an address may be a mapped one, and nothing is known of these."""
    if isinstance(report.made, Diagnostic) or report.made[0]:
        return []
    missed = [each for answer in report.made[1] for each in answer.located if each.in_window and not each.places]
    if not missed:
        return []
    message = f"{missed[0].fault.address:#x} is in the window of EFI on x86-64, and the map names no virtual addresses"
    help = (
        "give /sys/firmware/efi/runtime-map as MAP, or say what gave them: --model linux-x86-reversed for Linux since "
    )
    help += "4.3, linux-x86-forward before, or --model auto"
    return [Diagnostic(FindingCode.ADDRESSES_UNKNOWN, message, help=help, severity=Severity.NOTE)]


def json_where(report: WhereReport) -> WhereShape:
    """Put a report into its shape."""
    status, tool = int(report.status), report.versions.tool
    if isinstance(report.made, Diagnostic):
        return WhereShape([], False, [json_diagnostic(report.made)], status, tool)
    known, found = report.made
    addresses = [_json_located(each.question.name, located) for each in found for located in each.located]
    remarks = [each.question.remark for each in found if each.question.remark is not None]
    return WhereShape(addresses, known, [json_diagnostic(each) for each in (*remarks, *_notes(report))], status, tool)


def _json_located(asked: str, located: Located) -> LocatedShape:
    fault = located.fault
    return LocatedShape(
        asked,
        list(fault.labels),
        fault.line,
        f"{fault.address:#x}",
        located.in_window,
        [_json_holder(each, fault.address) for each in located.places],
        None if located.below is None else _json_place(located.below),
        None if located.above is None else _json_place(located.above),
    )


def _json_place(place: Spot) -> PlacedAtShape:
    return PlacedAtShape(
        place.space.value,
        place.listing.value,
        place.number,
        json_region(place.region),
        f"{place.start:#x}",
        f"{place.end - 1:#x}",
        place.by,
    )


def _json_holder(place: Spot, address: int) -> HolderShape:
    offset = address - place.start
    shape = _json_place(place)
    return HolderShape(
        shape.space,
        shape.listing,
        shape.region,
        shape.descriptor,
        shape.start,
        shape.last,
        shape.by,
        f"{offset:#x}",
        f"{place.region.phys_addr + offset:#x}",
    )
