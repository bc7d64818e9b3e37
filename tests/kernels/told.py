"""The layouts that a program makes of the maps that real kernels are run on: a model, or what was read from a tree."""

from __future__ import annotations

from checker import program as p
from checker.interpret import Layout, run
from checker.memmap import Hold, Reservation, Surroundings
from tests.kernels.maps import PAGE, Boot, Region, pages_of
from tests.kernels.real import FIELDS


def laid_out(algorithm: p.Algorithm, boot: Boot) -> Layout:
    """Run an algorithm on the map of a boot, with all that it asks for of what is beside the map."""
    around = Surroundings((Reservation(*boot.taken, Hold.TAKEN, ""),) if any(boot.taken) else ())
    starts = [(each["type"], each["phys_addr"], each["num_pages"] * PAGE) for each in boot.regions]
    taken = around.taken_in_each((kind, start, start + size) for kind, start, size in starts)
    known = zip(boot.regions, taken, strict=True)
    record = [name for name, _ in algorithm.record.inputs]
    regions = [{name: region.get(name, found.get(name, 0)) for name in record} for region, found in known]
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
