"""The end of a proof that does not come: the state and the turn that break induction."""

from __future__ import annotations

from collections.abc import Iterator

from checker import program as p
from checker.program.types import BOOL
from checker.program.walk import passes
from checker.prove import InductionGap, RegionState
from checker.report.columns import columns
from checker.report.lines import Line, Piece, Style, clean, line, table
from checker.report.shapes.verdicts import GapRegionShape, GapShape, GapVariableShape
from checker.report.values import json_placed, json_value, shown
from checker.report.views.counterexample import is_c
from checker.report.views.layout import flush_right, placement_cell, region_cells, region_header

_MOST_HELD = 24
"""The most invariants that are listed."""


def gap_lines(scenario: p.Scenario, gap: InductionGap, *, verbose: bool) -> Iterator[Line]:
    """Draw the state before the turn, and what the turn changes in it."""
    what = columns(scenario.maps[0].record, scenario)
    several = len(scenario.runs) > 1
    # A formula that stands in a check has no name, and was shown a line above.
    rule = gap.rule if gap.rule.isidentifier() else "the property"
    happens = "the pass begins" if gap.turn is None else f"{gap.turn} has its turn"
    yield line(
        f"the proof ends in the pass of {_place(scenario, gap.line)}: for all that is known, ",
        Piece(f"{clean(rule)} is lost where {happens}", Style.UNSURE),
    )
    header = [*region_header(what), *(["in"] if several else []), "had its turn", "is put at"]
    rows = []
    for each in gap.regions:
        cells = region_cells(what, 0, each.before)
        before, after = placement_cell(what, each.before), placement_cell(what, each.after)
        moved = before if before == after else f"{before} -> {after}"
        rows.append([each.name, *cells[1:], *([each.run] if several else []), "yes" if each.visited else "no", moved])
    if rows:
        first, *others = table(header, rows, flush_right(what) - {0})
        yield line("  ", Piece(first, Style.DIM))
        yield from (line("  ", each) for each in others)
    for variable in gap.variables:
        name = f"{variable.name} of {variable.run}" if several else variable.name
        before, after = shown(variable.type, variable.before), shown(variable.type, variable.after)
        yield line(f"  {clean(name)} = {before}" + ("" if before == after else f" -> {after}"))
    for each in gap.regions:
        for name, change in _changes(what.record, each):
            yield line(f"  {name} of {each.name}{f' in {each.run}' if several else ''}: {change}")
    yield line("no run need come there: an invariant that excludes it would help (`invariant` in the pass)")
    if verbose:
        yield from (line(Piece(f"held: {clean(each)}", Style.DIM)) for each in gap.held[:_MOST_HELD])
        if len(gap.held) > _MOST_HELD:
            yield line(Piece(f"held: {len(gap.held) - _MOST_HELD} more", Style.DIM))


def _place(scenario: p.Scenario, number: int) -> str:
    """Return the line of a pass in words, with its file if that is C: all others stand where the check does, or name
    themselves."""
    for run in scenario.runs:
        for each in passes(run.algorithm.body):
            if each.span.line == number and is_c(each.span):
                return clean(each.span.on_line)
    return f"line {number}"


def _changes(record: p.Record, region: RegionState) -> Iterator[tuple[str, str]]:
    """The fields and marks, other than where it is put, that the turn changes."""
    kinds = {**dict.fromkeys(p.MARKS, BOOL), **dict(record.fields)}
    places = {*record.placements, *record.placed_marks, p.PLACED}
    for name, kind in kinds.items():
        before, after = region.before.get(name), region.after.get(name)
        if name not in places and before is not None and after is not None and before != after:
            yield name, f"{shown(kind, before)} -> {shown(kind, after)}"


def json_gap(record: p.Record, gap: InductionGap) -> GapShape:
    """Put the state and the turn into their shape."""
    return GapShape(
        gap.rule,
        gap.line,
        gap.turn,
        [
            GapRegionShape(
                each.name, each.run, each.visited, json_placed(record, each.before), json_placed(record, each.after)
            )
            for each in gap.regions
        ],
        [
            GapVariableShape(each.name, each.run, json_value(each.type, each.before), json_value(each.type, each.after))
            for each in gap.variables
        ],
        list(gap.held),
    )
