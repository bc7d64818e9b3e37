"""Regions to panels: where each stands, what it is, and what differs between two panels of one axis."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace

from checker import program as p
from checker.memmap import ATTRIBUTES, PAGE_SIZE, TYPES, Descriptor
from checker.program.types import PA, PAGES, VA, Enumeration, Flags
from checker.report.columns import Columns, columns_of, runtime_bits
from checker.report.pictures.picture import PHYSICAL, Panel, PicturedRegion, Standing, kind_of
from checker.report.values import about, shown

DESCRIPTOR = columns_of(
    p.Record(
        "Descriptor",
        (
            ("type", Enumeration("EFI_MEMORY_TYPE", 32, tuple(TYPES.items()))),
            ("phys_addr", PA),
            ("num_pages", PAGES),
            ("attribute", Flags("attributes", 64, tuple(ATTRIBUTES.items()))),
            ("virt_addr", VA),
        ),
        "virt_addr",
    ),
    PAGE_SIZE,
)
"""An entry of a real map, with the names of UEFI 2.10, section 7.2.3."""

ADDRESS_SPACE = 1 << 64
"""The first address, in bytes, that 64 bits cannot name."""

Row = tuple[str, Mapping[str, int]]
"""A region by its key and its fields, with the mark of being placed."""


def rows_of(descriptors: Iterable[Descriptor], keys: Callable[[int, Descriptor], str] | None = None) -> list[Row]:
    """The entries of a map; one whose virtual address is 0 has none."""
    rows: list[Row] = []
    for index, each in enumerate(descriptors):
        fields = {**asdict(each), p.PLACED: int(each.virt_addr != 0), p.DROPPED: 0}
        rows.append((str(index) if keys is None else keys(index, each), fields))
    return rows


def physical_panels(title: str, what: Columns, rows: Sequence[Row]) -> list[Panel]:
    """The panel of a map; none where a record knows no physical address."""
    return [] if what.start is None else [panel_of(title, PHYSICAL, what, rows)]


def panel_of(
    title: str, axis: str, what: Columns, rows: Sequence[Row], landmarks: tuple[tuple[int, str], ...] = ()
) -> Panel:
    """The regions that have a place on an axis."""
    name = what.start if axis == PHYSICAL else what.record.placement
    there = [row for row in rows if axis == PHYSICAL or row[1][p.PLACED]] if name is not None else []
    regions = tuple(_region(what, key, fields, fields[name]) for key, fields in there if name is not None)
    if any(region.end > ADDRESS_SPACE for region in regions):
        landmarks = (*landmarks, (ADDRESS_SPACE, "end of the address space"))
    placed = {key for key, _ in there}
    absent = [key for key, _ in rows if key not in placed]
    return Panel(title, axis, regions, landmarks, tuple(absent))


def _region(what: Columns, key: str, fields: Mapping[str, int], start: int) -> PicturedRegion:
    length = what.length(fields)
    kinds = dict(what.record.inputs)
    type_name = next((shown(kind, fields[n]) for n, kind in kinds.items() if isinstance(kind, Enumeration)), "region")
    runtime = any(fields[name] & bit for name, bit in runtime_bits(what.record))
    told = [] if what.start is None else [(what.start, what.range(fields, what.start))]
    if what.record.placement is not None and fields[p.PLACED]:
        told.append((what.record.placement, what.range(fields, what.record.placement)))
    if what.count is not None:
        told.append((what.count, str(fields[what.count])))
    told += [("size", about(length))] if length is not None else []
    told += what.others(fields)
    kind = kind_of(type_name, runtime=runtime)
    end, sized = start + (length or 0), length is not None
    return PicturedRegion(key, start, end, kind, type_name, tuple(told), sized=sized)


def landmarks_of(addresses: Iterable[str]) -> tuple[tuple[int, str], ...]:
    """The addresses that an algorithm names, for their panel."""
    return tuple((int(address, 0), "named by the model") for address in addresses)


def addresses_of(panel: Panel) -> dict[str, int]:
    """Return where the regions of a panel begin, by their keys."""
    return {region.key: region.start for region in panel.regions}


def compared(
    before: Panel, after: Panel, before_at: Mapping[str, int], after_at: Mapping[str, int]
) -> tuple[Panel, Panel]:
    """Mark what differs between two panels: in the second what has moved or was not there, in the first what is gone.

    Each region, by its key, was where ``before_at`` and is where ``after_at`` says.
    """
    there = tuple(each if each.key in after_at else _standing(each, Standing.GONE) for each in before.regions)
    changed = []
    for region in after.regions:
        old = before_at.get(region.key)
        if old is None:
            changed.append(replace(region, standing=Standing.APPEARED))
        elif old != region.start:
            changed.append(replace(region, standing=Standing.MOVED, moved_from=old))
        else:
            changed.append(region)
    return replace(before, regions=there), replace(after, regions=tuple(changed))


def _standing(region: PicturedRegion, standing: Standing) -> PicturedRegion:
    """The region with a reason to stand out, if it has none yet."""
    return region if region.standing is not None else replace(region, standing=standing)


def blamed(panel: Panel, guilty: set[str]) -> Panel:
    """Mark the regions that break the property."""
    regions = (
        replace(region, standing=Standing.BROKEN) if region.key.partition(".")[0] in guilty else region
        for region in panel.regions
    )
    return replace(panel, regions=tuple(regions))
