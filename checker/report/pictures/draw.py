"""Maps, layouts, counterexamples and captures to pictures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from msgspec import UnsetType

from checker import program as p
from checker.handover import Kernel
from checker.handover.difference import translate
from checker.memmap import Descriptor, MemoryMap
from checker.report.columns import Columns, read_record, read_region
from checker.report.pictures.panels import (
    DESCRIPTOR,
    Row,
    addresses_of,
    blamed,
    compared,
    landmarks_of,
    panel_of,
    physical_panels,
    rows_of,
)
from checker.report.pictures.picture import PHYSICAL, VIRTUAL, Panel, Picture, Standing
from checker.report.shapes import LayoutShape
from checker.report.shapes.common import Fields
from checker.report.shapes.counterexamples import CounterexampleShape, KeptShape, RunShape

# --- real maps


def map_picture(memory_map: MemoryMap) -> Picture:
    """Draw a real map: its physical memory, and the virtual addresses where it names any."""
    rows = rows_of(memory_map.descriptors)
    panels = [panel_of("memory map", PHYSICAL, DESCRIPTOR, rows)]
    if any(region[p.PLACED] for _, region in rows):
        panels.append(panel_of("virtual addresses of the map", VIRTUAL, DESCRIPTOR, rows))
    count = len(rows)
    return Picture(f"{memory_map.source}: {count} region{'' if count == 1 else 's'}", tuple(panels))


# --- what commands report


def layout_picture(shape: LayoutShape, memory_map: MemoryMap | None = None) -> Picture:
    """Draw the report of `run`: where the regions are, all of the map if it is given, and where the algorithm put them.

    Raises `ValueError` where the report is none that `run` writes.
    """
    if isinstance(shape.record, UnsetType) or isinstance(shape.regions, UnsetType):
        raise ValueError("it holds no layout")
    what = read_record(shape.record)
    regions = [read_region(what.record, region) for region in shape.regions]
    own = [str(index) for index in range(len(regions))]
    panels = []
    if memory_map is None:
        panels += physical_panels("memory map, as far as it is exported", what, list(zip(own, regions, strict=True)))
    else:
        known = rows_of(memory_map.descriptors)
        panels.append(panel_of("memory map", PHYSICAL, DESCRIPTOR, known))
        own = _found(what, regions, known)
    rows = list(zip(own, regions, strict=True))
    panels.append(panel_of(f"layout of {shape.algorithm}", VIRTUAL, what, rows, landmarks_of(shape.landmarks or [])))
    placed = sum(region[p.PLACED] for region in regions)
    counts = f"{placed} placed, {len(regions) - placed} without an address"
    title = f"{shape.algorithm}" if memory_map is None else f"{shape.algorithm} on {memory_map.source}"
    return Picture(title, tuple(panels), (counts,))


def _found(what: Columns, regions: Sequence[Mapping[str, int]], known: Sequence[Row]) -> list[str]:
    """Return the keys of regions: those that their map has them under, by the address at which they begin there."""
    keys = {fields["phys_addr"]: key for key, fields in reversed(known)}
    if what.start is None:
        return [f"exported {index}" for index in range(len(regions))]
    return [keys.get(region[what.start], f"exported {index}") for index, region in enumerate(regions)]


def counterexample_picture(title: str, shape: CounterexampleShape | KeptShape) -> Picture:
    """Draw a counterexample: the map, and what every run made of it; what breaks the property stands out.

    Raises `ValueError` where the report is none that `verify` writes.
    """
    what = read_record(shape.record)
    guilty = set() if shape.violation is None else {str(number) for number in shape.violation.regions}
    panels: list[Panel] = []
    for name, column in shape.maps.items():
        rows = _kept(what, enumerate(column))
        panels += [blamed(panel, guilty) for panel in physical_panels(f"map `{name}`", what, rows)]
    runs: list[Panel] = []
    for name, run in shape.layouts.items():
        panel = _run_panel(name, what, run)
        if runs:
            old, new = addresses_of(runs[-1]), addresses_of(panel)
            runs[-1], panel = compared(runs[-1], panel, old, new)
        runs.append(panel)
    panels += [blamed(panel, guilty) for panel in runs]
    return Picture(title, tuple(panels), tuple(_remarks(shape)))


def _run_panel(name: str, what: Columns, run: RunShape) -> Panel:
    pieces: dict[int, int] = {}
    keys = []
    for number in run.numbers:
        piece = pieces.setdefault(number, 0)
        pieces[number] += 1
        keys.append(f"{number}.{piece}" if piece else f"{number}")
    rows = [(key, read_region(what.record, region)) for key, region in zip(keys, run.regions, strict=True)]
    title = name if name == run.algorithm else f"{name}: {run.algorithm}"
    return panel_of(title, VIRTUAL, what, rows, landmarks_of(run.landmarks))


def _kept(what: Columns, column: Iterable[tuple[int, Fields | None]]) -> list[Row]:
    return [(str(row), read_region(what.record, region)) for row, region in column if region is not None]


def _remarks(shape: CounterexampleShape | KeptShape) -> Iterable[str]:
    """Return what there is to say beside the regions: why, the values that are given, and the choices."""
    if shape.violation is not None:
        yield f"why: {shape.violation.explanation}"
    for name, value in shape.scalars.items():
        yield f"given {name} = {value}"
    for each in shape.choices:
        where = "" if each.region is None else f" for region {each.region}"
        yield f"{each.run} chose {each.name} = {each.value}{where}"
    for run, order in shape.orders.items():
        yield f"{run} received the regions in the order {', '.join(map(str, order))}"
    for run, count in shape.generations.items():
        yield f"{run} is the layout after {count} hand-over{'' if count == 1 else 's'}"


# --- captures


def capture_picture(title: str, kernels: Sequence[Kernel]) -> Picture | None:
    """Draw the runtime maps of kernels that were started one after the other; None where there is no region.

    A region is the same in two kernels if it begins at the same physical address. Where the kernel before had its
    first byte at another virtual address, it has moved.
    """
    shown_maps = [(each.name, each.runtime_map.descriptors) for each in kernels if each.runtime_map is not None]
    if not any(descriptors for _, descriptors in shown_maps):
        return None
    keyed = [(name, descriptors, rows_of(descriptors, _by_address)) for name, descriptors in shown_maps]
    everything = dict(chain.from_iterable(rows for _, _, rows in reversed(keyed)))
    panels = [panel_of("runtime regions of all kernels", PHYSICAL, DESCRIPTOR, list(everything.items()))]
    made: list[Panel] = []
    known: Sequence[Descriptor] = ()
    former: Sequence[Row] = ()
    for name, descriptors, rows in keyed:
        panel = panel_of(name, VIRTUAL, DESCRIPTOR, rows)
        if made:
            made[-1], panel = compared(made[-1], panel, _translated(known, rows), _translated(descriptors, former))
        made.append(panel)
        known, former = descriptors, rows
    moved = sum(each.standing is Standing.MOVED for panel in made for each in panel.regions)
    remark = f"{moved} region{'' if moved == 1 else 's'} moved" if len(made) > 1 else "one kernel only"
    return Picture(title, (*panels, *made), (remark,))


def _translated(descriptors: Sequence[Descriptor], rows: Iterable[Row]) -> dict[str, int]:
    """Return the virtual addresses that some entries give the first bytes of regions, by the regions' keys."""
    found = ((key, translate(descriptors, fields["phys_addr"])) for key, fields in rows)
    return {key: address for key, address in found if address is not None}


def _by_address(_: int, each: Descriptor) -> str:
    return f"{each.phys_addr:#x}"
