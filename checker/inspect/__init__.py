"""Looks at the map of one machine: what is wrong with it or at risk, and what is where in it."""

from __future__ import annotations

from checker.inspect.checked_map import Machine, is_runtime, machine_of
from checker.inspect.checks.runtime import nothing_runtime
from checker.inspect.findings import FAULTS, is_faulty, numbers
from checker.inspect.folder import NO_MAP_AT_ALL, is_folder_of_maps, is_tree, maps_under, no_map_under
from checker.inspect.inspection import HandedOver, Inspection, default_model, inspect, prepare, told_model
from checker.inspect.material import Material, material_at, material_of
from checker.inspect.placement import EfiWindow, Placement, Room, place, window
from checker.inspect.system import kernel_log, this_machine

__all__ = [
    "FAULTS",
    "HandedOver",
    "Inspection",
    "Machine",
    "NO_MAP_AT_ALL",
    "Material",
    "Placement",
    "Room",
    "EfiWindow",
    "default_model",
    "inspect",
    "is_faulty",
    "is_folder_of_maps",
    "is_runtime",
    "is_tree",
    "kernel_log",
    "machine_of",
    "maps_under",
    "material_of",
    "nothing_runtime",
    "no_map_under",
    "numbers",
    "place",
    "prepare",
    "material_at",
    "this_machine",
    "told_model",
    "window",
]
