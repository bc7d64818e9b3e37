"""A layout that an algorithm made of a memory map, as a table and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checker import program as p
from checker.interpret import Layout
from checker.library import Chosen
from checker.program import types
from checker.program.types import Flags, Integer, Quantity
from checker.report.lines import Line, Piece, Style, clean, line, table
from checker.report.shapes import LayoutShape, WrappedShape
from checker.report.values import about, json_placed, page_size, shown


@dataclass(frozen=True)
class Columns:
    """Fields of a record that are shown, found by their types: the start of a region, its size, its placement."""

    record: p.Record
    start: str | None
    count: str | None
    unit: int | None
    """Bytes of what ``count`` counts; None where the program does not say."""
    rest: tuple[str, ...]

    def length(self, region: Mapping[str, int]) -> int | None:
        """The size of a region in bytes, if it can be told."""
        return None if self.count is None or self.unit is None else region[self.count] * self.unit

    def range(self, region: Mapping[str, int], name: str) -> str:
        """From the address in a field to the end of the region, exclusive."""
        length, start = self.length(region), region[name]
        if length is None:
            return f"{start:#x}"
        wraps = " (wraps)" if start + length > 1 << types.width(self.record.type_of(name)) else ""
        return f"{start:#x}..{start + length:#x}{wraps}"


def columns(record: p.Record, program: p.Tree) -> Columns:
    """The columns for a record; ``program`` is what uses it, and shows how large a page is."""
    integers = [(name, kind) for name, kind in record.inputs if isinstance(kind, Integer)]
    places = [n for n, kind in integers if kind.quantity is Quantity.PHYSICAL and n != record.placement]
    pages = [name for name, kind in integers if kind.quantity is Quantity.PAGES]
    sizes = [name for name, kind in integers if kind.quantity is Quantity.BYTES]
    start = places[0] if places else None
    count = next(iter(pages or sizes), None)
    unit = page_size(program) if pages else 1
    used = {start, count, record.placement}
    return Columns(record, start, count, unit, tuple(name for name, _ in record.inputs if name not in used))


def region_cells(what: Columns, index: int, region: Mapping[str, int]) -> list[str]:
    """A region's number and its fields, without its placement."""
    cells = [str(index)]
    if what.start is not None:
        cells.append(what.range(region, what.start))
    if what.count is not None:
        cells.append(str(region[what.count]))
        if what.unit not in (None, 1):
            cells.append(about(what.length(region) or 0))
    return [*cells, *(shown(what.record.type_of(name), region[name]) for name in what.rest)]


def region_header(what: Columns) -> list[str]:
    """The header over `region_cells`."""
    header = ["region"]
    if what.start is not None:
        header.append(_range_header(what, what.start))
    if what.count is not None:
        header.append(what.count)
        if what.unit not in (None, 1):
            header.append("size")
    return [*header, *what.rest]


def flush_right(what: Columns) -> frozenset[int]:
    """The columns of `region_cells` that hold numbers."""
    first = 1 + (what.start is not None)
    return frozenset({0} | ({first, first + 1} if what.count is not None and what.unit not in (None, 1) else {first}))


def placement_cell(what: Columns, region: Mapping[str, int]) -> str:
    """The place where a region was put."""
    if not region[p.PLACED] or what.record.placement is None:
        return "no address" if not region[p.DROPPED] else "dropped"
    return what.range(region, what.record.placement) + (", dropped" if region[p.DROPPED] else "")


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
    bits = _runtime(chosen.algorithm.record)
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
    if algorithm.exports:
        return f"{regions} regions, {listed} exported"
    return f"{regions} regions" + (f", {regions - listed} dropped" if listed < regions else "")


def _runtime(record: p.Record) -> list[tuple[str, int]]:
    """Find where a record says that firmware needs the region at run time: the field, and the bit in it. A region
    without it needs no address."""
    words = [(name, kind) for name, kind in record.inputs if isinstance(kind, Flags)]
    return [(name, bit) for name, kind in words for member, bit in kind.members if member == "RUNTIME"]


def json_layout(name: str, algorithm: p.Algorithm, layout: Layout) -> LayoutShape:
    """Put a layout into its shape: the regions that the kernel exports, in that order, and where arithmetic did not
    fit."""
    regions = [json_placed(algorithm.record, layout.regions[index]) for index in layout.exported]
    wrapped = [
        WrappedShape(each.span.line, each.span.column, each.span.short, f"{each.exact:#x}") for each in layout.wrapped
    ]
    return LayoutShape(algorithm=name, regions=regions, wrapped=wrapped)
