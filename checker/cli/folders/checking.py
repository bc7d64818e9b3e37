"""One map of many checked: what is read, what places its regions, and what is found; all that there is to say, as
values, since it may have to come from another process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from checker.base.diagnostic import Diagnostic
from checker.base.values import frozen
from checker.cli.inputs import belongs, model_for, read_material, read_of_folder
from checker.cli.options import MapOptions
from checker.inspect import Inspection, Material, default_model, inspect
from checker.language import Limits as LayoutLimits
from checker.library import Chosen
from checker.memmap import Limits


@frozen
class Asked:
    """The way in which maps are to be checked: the algorithm that places the regions, or whether the signs of each map
    say which, the values of its parameters, and how maps are read."""

    chosen: Chosen | None
    auto: bool
    values: Mapping[str, str]
    reading: MapOptions
    limits: Limits
    layout_limits: LayoutLimits


@frozen
class Checked:
    """A map that was checked, or why it was not: ``was_read`` says whether that is a map. ``remarks`` are on what was
    read, ``notes`` on the choice of the model for the map of this ``source``."""

    made: Inspection | Diagnostic
    was_read: bool
    remarks: tuple[Diagnostic, ...] = ()
    notes: tuple[Diagnostic, ...] = ()
    source: str = ""


def check_file(path: str, asked: Asked, *, inside: bool) -> Checked:
    """Read a map, which may be one of a folder's files, and check it."""
    remarks: list[Diagnostic] = []
    read = read_of_folder if inside else read_material
    found = read(path, asked.limits, asked.reading, remarks.extend)
    if isinstance(found, Diagnostic):
        return Checked(found, False, tuple(remarks))
    return check_material(found, asked, remarks)


def check_material(material: Material, asked: Asked, remarks: Iterable[Diagnostic] = ()) -> Checked:
    """Check a map that was read."""
    notes: list[Diagnostic] = []
    placing: Chosen | Diagnostic | None
    if asked.chosen is not None:
        placing = belongs(asked.chosen, material.map, asked.reading, asked.layout_limits, notes.extend)
    elif asked.auto:
        placing = model_for(material.map, asked.layout_limits, notes.extend)
    else:
        usual = default_model(material.map)
        placing = usual if isinstance(usual, Diagnostic) else usual[0]
        notes += [] if isinstance(usual, Diagnostic) or usual[1] is None else [usual[1]]
    made = placing if isinstance(placing, Diagnostic) else inspect(material, placing, asked.values, asked.limits)
    return Checked(made, True, tuple(remarks), tuple(notes), material.map.source)
