"""Reports of `compare` to pictures: two boots side by side."""

from __future__ import annotations

from dataclasses import replace

from checker import program as p
from checker.report.columns import read_region
from checker.report.pictures.panels import (
    DESCRIPTOR,
    Row,
    panel_of,
)
from checker.report.pictures.picture import PHYSICAL, VIRTUAL, Panel, Picture, Standing
from checker.report.shapes.common import DescriptorShape
from checker.report.shapes.comparisons import ChangedShape, MapPairShape


def comparison_picture(pair: MapPairShape) -> Picture:
    """Draw what differs between two lists of `compare`, side by side; what both have is not in its report.

    Raises `ValueError` where the report is none that `compare` writes.
    """
    before, after = _sides(pair)
    both = [(pair.first, before), (pair.second, after)]
    panels = [panel_of(name, PHYSICAL, DESCRIPTOR, [row for row, _, _ in rows]) for name, rows in both]
    marked = [_marked(panel, rows) for panel, (_, rows) in zip(panels, both, strict=True)]
    if pair.addressed:
        virtual = [panel_of(name, VIRTUAL, DESCRIPTOR, [row for row, _, _ in rows]) for name, rows in both]
        marked += [_marked(panel, rows) for panel, (_, rows) in zip(virtual, both, strict=True)]
    remarks = [f"{pair.same} regions that both have are not drawn", *(each.message for each in pair.breaks)]
    return Picture(f"{pair.first} and {pair.second}", tuple(marked), tuple(remarks))


Side = list[tuple[Row, ChangedShape, DescriptorShape | None]]
"""Regions with what changed, and what is the same region before, where there is one."""


def _sides(pair: MapPairShape) -> tuple[Side, Side]:
    before: Side = []
    after: Side = []
    for number, change in enumerate(pair.changes):
        for piece, each in enumerate(change.before):
            before.append((_listed(number, piece, each), change, None))
        for piece, each in enumerate(change.after):
            after.append((_listed(number, piece, each), change, change.before[0] if change.before else None))
    return before, after


def _listed(number: int, piece: int, shape: DescriptorShape) -> Row:
    fields = read_region(DESCRIPTOR.record, {name: getattr(shape, name) for name in shape.__struct_fields__})
    key = f"{number}.{piece}" if piece else f"{number}"
    return key, {**fields, p.PLACED: int(fields["virt_addr"] != 0)}


def _marked(panel: Panel, side: Side) -> Panel:
    """Mark what is gone or new, what moved and from where, and what else changed."""
    known = {key: (change, old) for (key, _), change, old in side}
    made = []
    for region in panel.regions:
        change, old = known[region.key]
        start = None if old is None else int(old.phys_addr if panel.axis == PHYSICAL else old.virt_addr, 0)
        moved = {"moved", "virtual address"} & set(change.changes) and start not in (None, 0, region.start)
        standing = Standing.MOVED if moved else Standing.CHANGED
        standing = {"gone": Standing.GONE, "new": Standing.APPEARED}.get(next(iter(change.changes), ""), standing)
        fields = (*region.fields, ("change", ", ".join(change.changes)))
        made.append(replace(region, standing=standing, moved_from=start if moved else None, fields=fields))
    return replace(panel, regions=tuple(made))
