"""The layouts that a program makes of the maps that real kernels are run on: a model, or what was read from a tree."""

from __future__ import annotations

from checker import program as p
from checker.interpret import Layout, run
from tests.kernels.maps import Boot, Region, pages_of
from tests.kernels.real import FIELDS


def laid_out(algorithm: p.Algorithm, boot: Boot) -> Layout:
    """Run an algorithm on the map of a boot, with all that it asks for of what is beside the map."""
    low, high = boot.taken
    known = {"taken_from": low, "taken_to": high}
    record = [name for name, _ in algorithm.record.inputs]
    regions = [{name: region.get(name, known.get(name, 0)) for name in record} for region in boot.regions]
    values = _beside(boot)
    return run(algorithm, regions, {name: int(values[name]) for name, _, _ in algorithm.parameters})


def _beside(boot: Boot) -> dict[str, int]:
    values = {"efi_debug": int(boot.debug), "soft_reserve": int(boot.soft_reserve), "mixed": int(boot.mixed)}
    for name, table in zip(("esrt", "mokvar", "bgrt"), boot.tables, strict=True):
        values[name], values[f"{name}_end"] = pages_of(table)
    return values


def exported(layout: Layout) -> list[Region]:
    """Return the list that a layout exports, in its order."""
    return [{field: layout.regions[index][field] for field in FIELDS} for index in layout.exported]
