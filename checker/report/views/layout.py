"""A layout that an algorithm made of a memory map, as a table and as JSON."""

from __future__ import annotations

from collections.abc import Mapping

from checker import program as p
from checker.interpret import Layout
from checker.library import Chosen
from checker.report.columns import Columns, columns, json_record, landmarks, runtime_bits
from checker.report.lines import Line, Piece, Style, clean, line, table
from checker.report.shapes import LayoutShape, WrappedShape
from checker.report.values import about, json_placed


def region_cells(what: Columns, index: int, region: Mapping[str, int]) -> list[str]:
    """A region's number and its fields, without its placement."""
    cells = [str(index)]
    if what.start is not None:
        cells.append(what.range(region, what.start))
    if what.count is not None:
        cells.append(str(region[what.count]))
        if what.unit not in (None, 1):
            cells.append(about(what.length(region) or 0))
    return [*cells, *(value for _, value in what.others(region))]


def region_header(what: Columns) -> list[str]:
    """The header over `region_cells`."""
    header = ["region"]
    if what.start is not None:
        header.append(_range_header(what, what.start))
    if what.count is not None:
        header.append(what.count)
        if what.unit not in (None, 1):
            header.append("size")
    return [*header, *what.other_names]


def flush_right(what: Columns) -> frozenset[int]:
    """The columns of `region_cells` that hold numbers."""
    first = 1 + (what.start is not None)
    return frozenset({0} | ({first, first + 1} if what.count is not None and what.unit not in (None, 1) else {first}))


def placement_cell(what: Columns, region: Mapping[str, int]) -> str:
    """The place where a region was put, or the places."""
    record = what.record
    placed = [name for name in record.placements if region[record.placed(name)]]
    if not placed:
        return "no address" if not region[p.DROPPED] else "dropped"
    named = [("" if name == record.placement else f"{name} ") + what.range(region, name) for name in placed]
    return ", ".join([*named, "dropped"] if region[p.DROPPED] else named)


def _range_header(what: Columns, name: str) -> str:
    return name if what.unit is None or what.count is None else f"[{name}, end)"


def layout_lines(chosen: Chosen, layout: Layout) -> list[Line]:
    """Draw what the kernel exports, in that order: where each region is, what it is, and where it was put."""
    what = columns(chosen.algorithm.record, chosen.program)
    header = [*region_header(what), _range_header(what, what.record.placement or "placed")]
    rows = []
    for index in layout.exported:
        region = layout.regions[index]
        rows.append([*region_cells(what, index, region), placement_cell(what, region)])
    missing = [index for index in layout.exported if not layout.regions[index][p.PLACED]]
    bits = runtime_bits(chosen.algorithm.record)
    bad = {index for index in missing if any(layout.regions[index][name] & bit for name, bit in bits)}
    lines = [line(Piece(clean(chosen.name), Style.STRONG), f": {_counted(chosen.algorithm, layout)}")]
    if rows:
        first, *others = table(header, rows, flush_right(what))
        lines.append(line(Piece(first, Style.DIM)))
        for text, index in zip(others, layout.exported, strict=True):
            lines.append(line(Piece(text, Style.BAD if index in bad else Style.PLAIN)))
    wrong = f", {len(bad) or 'none'} of them RUNTIME" if missing and bits else ""
    counts = f"{len(rows) - len(missing)} placed, {len(missing)} without an address"
    return [*lines, line(counts, Piece(wrong, Style.BAD if bad else Style.PLAIN))]


def _counted(algorithm: p.Algorithm, layout: Layout) -> str:
    """Count the regions, and those that the table shows: what is exported, or else not dropped."""
    regions, listed = len(layout.regions), len(layout.exported)
    counted = f"{regions} region{'' if regions == 1 else 's'}"
    if algorithm.exports:
        return f"{counted}, {listed} exported"
    return counted + (f", {regions - listed} dropped" if listed < regions else "")


def json_layout(chosen: Chosen, layout: Layout) -> LayoutShape:
    """Put a layout into its shape: the regions that the kernel exports, in that order, and where arithmetic did not
    fit."""
    algorithm = chosen.algorithm
    regions = [json_placed(algorithm.record, layout.regions[index]) for index in layout.exported]
    wrapped = [
        WrappedShape(each.span.line, each.span.column, each.span.short, f"{each.exact:#x}") for each in layout.wrapped
    ]
    return LayoutShape(
        algorithm=chosen.name,
        record=json_record(columns(algorithm.record, chosen.program)),
        landmarks=landmarks(algorithm.body),
        regions=regions,
        wrapped=wrapped,
    )
