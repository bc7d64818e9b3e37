"""Pictures to be drawn."""

from __future__ import annotations

import checker
from checker.library import Chosen, find_algorithm
from checker.memmap import PAGE_SIZE, RUNTIME, Descriptor, MemoryMap
from checker.memmap.formats.json_map import JSON
from checker.report.pictures.picture import PHYSICAL, MemoryKind, Panel, Picture, PicturedRegion
from checker.report.shapes import LayoutShape
from checker.report.views.layout import json_layout

GIB = 1 << 30
HOSTILE = "a</script ><script >alert(1)</script >&\"'<!--\x1b[31m\u202e"


def map_of(*entries: Descriptor, source: str = "map.json") -> MemoryMap:
    return MemoryMap(entries, JSON, source)


def three() -> MemoryMap:
    """A page of runtime data between 8 GiB of free memory and a device, each in its own place."""
    return map_of(
        Descriptor(7, 0x10_0000, 8 * GIB // PAGE_SIZE, 0xF),
        Descriptor(6, 0x10_0000 + 8 * GIB, 1, RUNTIME | 0xF),
        Descriptor(11, 0xF0_0000_0000, 16, RUNTIME | 1),
    )


def many(count: int) -> MemoryMap:
    """Regions of one to some hundred pages, of every type, every third after a gap."""
    entries, address = [], 0
    for index in range(count):
        pages = 1 + index * 7919 % 300
        entries.append(Descriptor(index % 12, address, pages, RUNTIME | 0xF if index % 12 in (5, 6) else 0xF))
        address += (pages + (index % 3 == 0) * (1 << index % 20)) * PAGE_SIZE
    return map_of(*entries)


def panel(*ends: tuple[int, int]) -> Panel:
    """Regions from and to addresses, on one axis."""
    made = (
        PicturedRegion(str(index), start, end, MemoryKind.OTHER, "thing") for index, (start, end) in enumerate(ends)
    )
    return Panel("things", PHYSICAL, tuple(made))


def hostile() -> Picture:
    """A picture whose every text was written by somebody with bad intentions."""
    region = PicturedRegion(HOSTILE, 0x1000, 0x2000, MemoryKind.RUNTIME, HOSTILE, ((HOSTILE, HOSTILE),))
    return Picture(HOSTILE, (Panel(HOSTILE, HOSTILE, (region,), ((0x1800, HOSTILE),), (HOSTILE,)),), (HOSTILE,))


def laid_out(model: str, memory_map: MemoryMap) -> LayoutShape:
    """The report of what an algorithm makes of a map."""
    chosen = find_algorithm(model)
    assert isinstance(chosen, Chosen)
    layout = checker.lay_out(chosen.algorithm, memory_map)
    assert isinstance(layout, checker.Layout)
    return json_layout(chosen, layout)
