"""Two maps compared: what changed, what that breaks, and both side by side where they differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from checker.compare.maps import Change, Changed, Strip, end_of, is_lasting, strips
from checker.compare.pairs import MapPair
from checker.handover.findings import physical_range, type_name
from checker.memmap import ATTRIBUTES, Descriptor
from checker.report.lines import Line, Piece, Style, clean, line
from checker.report.reports import CompareReport
from checker.report.shapes.comparisons import ChangedShape, CompareShape, MapPairShape
from checker.report.values import about
from checker.report.views.diagnostics import json_diagnostic, severity_piece
from checker.report.views.handover import json_finding, json_region

_COLUMNS = 80

_CELL = 23
"""Columns of a box: the longest name of a memory type."""

_MOST_ROWS = 40
"""The most strips of memory that are drawn of a pair."""

_MOST_PIECES = 3


def compare_lines(report: CompareReport) -> list[Line]:
    """Draw the comparison, if both inputs could be read."""
    return [each for pair in report.pairs for each in _pair_lines(pair, everything=report.everything)]


def _pair_lines(pair: MapPair, *, everything: bool) -> list[Line]:
    kind = "with addresses" if pair.is_addressed else "as listed"
    counts = f"{len(pair.first.descriptors)} and {len(pair.second.descriptors)} regions {kind}"
    answer = Piece("equal", Style.GOOD) if pair.changes.equal else Piece(f"{pair.changes.same} in both", Style.UNSURE)
    names = (("first ", pair.first.source), ("second", pair.second.source))
    lines = [line(f"{name}  ", Piece(clean(source), Style.STRONG)) for name, source in names]
    lines.append(line(f"{counts}: ", answer))
    shown = [each for each in pair.changes.changes if everything or each.is_lasting]
    for change in shown:
        lines += _change_lines(change)
    left = len(pair.changes.changes) - len(shown)
    if left:
        what = "1 change" if left == 1 else f"{left} changes"
        lines.append(line(Piece(f"{what} of memory that is free once boot services have ended (--all)", Style.DIM)))
    for effect in pair.effects:
        first, *others = wrap(clean(effect.message), _COLUMNS - len(f"{effect.severity}[{effect.code}]: "))
        lines.append(line(severity_piece(effect), f": {first}"))
        lines += [line(f"  {text}") for text in wrap(" ".join(others), _COLUMNS - 2)]
    return [*lines, *_side_by_side(pair, everything=everything), line()]


def _change_lines(change: Changed) -> Iterator[Line]:
    """Draw one change: what it is about, and below what became of it."""
    regions = change.before or change.after
    how = ", ".join(each.value for each in change.how)
    shown = [f"{type_name(region.type)} {physical_range(region)}" for region in regions[:_MOST_PIECES]]
    if len(how) + len(shown[0]) + 3 > _COLUMNS:
        yield line("  ", Piece(how, Style.BAD))
        how = ""
    for number, text in enumerate(shown):
        name = f"{how:9}" if not number else " " * max(9, len(how))
        yield line("  ", Piece(name, Style.BAD), f" {text}")
    if len(regions) > _MOST_PIECES:
        yield line(f"            and {len(regions) - _MOST_PIECES} more")
    if change.before and change.after:
        for text in _became(change):
            yield line(f"            {text}")


def _became(change: Changed) -> Iterator[str]:
    one, other = change.before[0], change.after[0]
    if Change.SPLIT in change.how:
        for piece in change.after[:_MOST_PIECES]:
            yield f"now {type_name(piece.type)} {physical_range(piece)}{_attribute_change(one, piece)}"
        if len(change.after) > _MOST_PIECES:
            yield f"and {len(change.after) - _MOST_PIECES} more"
        return
    if Change.MERGED in change.how:
        yield f"now {type_name(other.type)} {physical_range(other)}"
        return
    if (one.phys_addr, one.num_pages) != (other.phys_addr, other.num_pages):
        yield f"now {physical_range(other)}{_shift(one, other)}"
    if one.type != other.type:
        yield f"now {type_name(other.type)}"
    if one.attribute != other.attribute:
        yield f"attributes{_attribute_change(one, other)}"
    if one.virt_addr != other.virt_addr:
        yield f"mapped at {one.virt_addr:#x}, now at {other.virt_addr:#x}"


def _shift(one: Descriptor, other: Descriptor) -> str:
    """Say how far an entry is from where it was, or by how much it is longer."""
    if one.num_pages == other.num_pages:
        distance = other.phys_addr - one.phys_addr
        return f", {about(abs(distance))} {'higher' if distance > 0 else 'lower'}"
    size = end_of(other) - other.phys_addr - end_of(one) + one.phys_addr
    return f", {about(abs(size))} {'more' if size > 0 else 'less'}"


def _attribute_change(one: Descriptor, other: Descriptor) -> str:
    """The attributes that were added and taken away."""
    return "".join(
        f" {sign}{_names(bits)}"
        for sign, bits in (("+", other.attribute & ~one.attribute), ("-", one.attribute & ~other.attribute))
        if bits
    )


def _names(bits: int) -> str:
    known = [name for name, bit in ATTRIBUTES.items() if bits & bit]
    left = bits & ~sum(ATTRIBUTES[name] for name in known)
    return "|".join([*known, f"{left:#x}"] if left else known)


def _side_by_side(pair: MapPair, *, everything: bool) -> Iterator[Line]:
    """Draw both maps as columns of boxes, lowest first, where they differ and as far as the entries reach there."""
    chosen = list(_to_draw(pair, everything=everything))
    if not chosen:
        return
    width = max(len(f"{each.end:#x}") for each in chosen)
    yield line(Piece(f"  {'':{width}}   {'first':{_CELL + 3}} second", Style.DIM))
    last: Strip | None = None
    for strip in chosen[:_MOST_ROWS]:
        if last is not None and last.end != strip.start:
            yield _edge(width, last.end, last, None)
            yield line(f"  {'...':>{width}}")
            last = None
        yield _edge(width, strip.start, last, strip)
        yield from _inside(width, last, strip, addressed=pair.is_addressed)
        last = strip
    if last is not None:
        yield _edge(width, last.end, last, None)
    if len(chosen) > _MOST_ROWS:
        yield line(f"  and {len(chosen) - _MOST_ROWS} more pieces of memory")


def _to_draw(pair: MapPair, *, everything: bool) -> Iterator[Strip]:
    """The strips that differ, and the others of the entries that they belong to."""

    def differs(strip: Strip) -> bool:
        one, other = strip.before, strip.after
        if one is None or other is None:
            lasting = [each for each in (one, other) if each is not None and (everything or is_lasting(each))]
            return bool(lasting)
        if not (everything or is_lasting(one) or is_lasting(other)):
            return False
        moved = pair.is_addressed and one.virt_addr - one.phys_addr != other.virt_addr - other.phys_addr
        return (one.type, one.attribute) != (other.type, other.attribute) or moved

    every = list(strips(pair.first.descriptors, pair.second.descriptors))
    touched = {id(each) for strip in every if differs(strip) for each in (strip.before, strip.after) if each}
    for strip in every:
        drawn = [each for each in (strip.before, strip.after) if each is not None and id(each) in touched]
        if differs(strip) or any(everything or is_lasting(each) for each in drawn):
            yield strip


def _edge(width: int, address: int, above: Strip | None, below: Strip | None) -> Line:
    """Draw the line between two strips: an edge where an entry begins or ends."""
    cells = []
    for side in ("before", "after"):
        over = None if above is None else getattr(above, side)
        under = None if below is None else getattr(below, side)
        ends = over is not None and end_of(over) == address
        begins = under is not None and under.phys_addr == address
        inside = f"|{'':{_CELL}}|" if over or under else " " * (_CELL + 2)
        cells.append(f"+{'-' * _CELL}+" if ends or begins else inside)
    return line(f"  {address:#{width}x} ", f"{cells[0]}   {cells[1]}")


def _inside(width: int, above: Strip | None, strip: Strip, *, addressed: bool) -> Iterator[Line]:
    """Draw a strip: the names of the entries that begin there, and their addresses."""
    columns: list[Sequence[str]] = []
    for side in ("before", "after"):
        entry = getattr(strip, side)
        begins = entry is not None and (above is None or getattr(above, side) is not entry)
        columns.append([type_name(entry.type), *([f"at {entry.virt_addr:#x}"] if addressed else [])] if begins else [])
    for number in range(max(1, *map(len, columns))):
        cells = []
        for side, texts in zip(("before", "after"), columns, strict=True):
            text = texts[number] if number < len(texts) else ""
            inside = getattr(strip, side) is not None
            cells.append(f"|{text:{_CELL}}|" if inside else " " * (_CELL + 2))
        yield line(f"  {'':{width}} ", f"{cells[0]}   {cells[1]}")


def json_compare(report: CompareReport) -> CompareShape:
    """Put the comparison into its shape."""
    return CompareShape(
        equal=None if not report.pairs else all(pair.changes.equal for pair in report.pairs),
        maps=[_json_pair(pair) for pair in report.pairs],
        diagnostics=[json_diagnostic(each) for each in report.diagnostics],
        exit_status=int(report.status),
        tool=report.versions.tool,
    )


def _json_pair(pair: MapPair) -> MapPairShape:
    return MapPairShape(
        first=pair.first.source,
        second=pair.second.source,
        addressed=pair.is_addressed,
        regions=[len(pair.first.descriptors), len(pair.second.descriptors)],
        same=pair.changes.same,
        in_order=pair.changes.in_order,
        changes=[
            ChangedShape(
                [how.value for how in each.how],
                each.is_lasting,
                [json_region(region) for region in each.before],
                [json_region(region) for region in each.after],
            )
            for each in pair.changes.changes
        ],
        breaks=[json_finding(each) for each in pair.effects],
    )
