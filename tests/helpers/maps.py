"""Memory maps that tests make up: rows of a type, a physical address, a page count and an attribute word."""

from __future__ import annotations

from collections.abc import Sequence

from checker.base.diagnostic import Diagnostic
from checker.inspect import Inspection, Material, default_model, inspect, numbers
from checker.library import Chosen, find_algorithm
from checker.memmap import TYPES, Descriptor, MemoryMap
from checker.memmap.formats.json_map import JSON
from checker.memmap.limits import STANDARD

WB = 0x800000000000000F
"""Runtime, and any caching."""
UC = 0x8000000000000001
"""Runtime, and not to be cached."""

Row = tuple[str, int, int, int]

PC: tuple[Row, ...] = (
    ("ConventionalMemory", 0x1000, 0x9F, 0xF),
    ("ConventionalMemory", 0x100000, 0x7D000, 0xF),
    ("BootServicesData", 0x7D100000, 0x700, 0xF),
    ("RuntimeServicesData", 0x7F000000, 16, WB),
    ("RuntimeServicesCode", 0x7F010000, 16, WB),
    ("MemoryMappedIO", 0xFFC00000, 0x400, UC),
)
"""A map in order, as a small PC has it."""


def map_of(rows: Sequence[Row], addresses: Sequence[int] = ()) -> MemoryMap:
    """A map of rows, with virtual addresses if there are some."""
    given = addresses or [0] * len(rows)
    return MemoryMap(
        tuple(
            Descriptor(TYPES[name], start, pages, attribute, address)
            for (name, start, pages, attribute), address in zip(rows, given, strict=True)
        ),
        JSON,
        "made up",
    )


def inspected(memory_map: MemoryMap, model: str | None = None) -> Inspection:
    """The findings about a map; ``model`` places its regions, or the one for its machine."""
    if model is None:
        return checked_by_default(Material(memory_map))
    chosen = find_algorithm(model)
    assert not isinstance(chosen, Diagnostic)
    return checked(Material(memory_map), chosen)


def checked_by_default(material: Material) -> Inspection:
    """The findings about a map whose regions are placed by the model that is taken if none is asked for."""
    found = default_model(material.map)
    assert not isinstance(found, Diagnostic)
    return checked(material, found[0])


def checked(material: Material, chosen: Chosen | None) -> Inspection:
    """The findings about a map and what is beside it."""
    made = inspect(material, chosen, {}, STANDARD)
    assert isinstance(made, Inspection), made
    return made


def told(inspection: Inspection) -> list[tuple[str, str, list[int]]]:
    """Each finding in short: its code, how bad it is, the numbers of its regions."""
    descriptors = inspection.map.descriptors
    return [(str(each.code), each.severity.value, numbers(descriptors, each.regions)) for each in inspection.findings]
