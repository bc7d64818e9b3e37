"""All that one input holds of a machine: the map, the firmware's table of permissions, and the text of both."""

from __future__ import annotations

import os
from dataclasses import field

from checker.base.diagnostic import Diagnostic
from checker.base.values import frozen
from checker.inspect.memory_attributes import AttributesTable, read_attributes_table
from checker.memmap import AS_FOUND, Limits, MemoryMap, Reading, read_bytes, read_path, read_runtime_bytes
from checker.memmap.files import decoded, load


@frozen
class Material:
    """A map, with what was found beside it in the same text; ``text`` is empty where a tree of files was read.
    ``aside`` of a list of a folder that is no map (`Origin.is_derived`), such as /proc/iomem: nobody asked for it."""

    map: MemoryMap
    permissions: AttributesTable | None = None
    text: str = field(default="", repr=False)
    aside: bool = False


def material_at(path: str, limits: Limits, reading: Reading = AS_FOUND) -> Material | Diagnostic:
    """Read a file, or a copy of the directory ``/sys/firmware/efi/runtime-map``."""
    if os.path.isdir(path):
        tree = read_path(path, limits, reading)
        return tree if isinstance(tree, Diagnostic) else Material(tree)
    data = load(path, limits)
    return data if isinstance(data, Diagnostic) else material_of(path, data, limits, reading)


def material_of(name: str, data: bytes, limits: Limits, reading: Reading = AS_FOUND) -> Material | Diagnostic:
    """Read what the user knows as ``name``."""
    read = read_bytes(name, data, limits, reading)
    if isinstance(read, Diagnostic):
        return read
    source = decoded(name, data, limits)
    if isinstance(source, Diagnostic) or reading.stride is not None:
        return Material(read)
    return Material(read, read_attributes_table(source, limits, read), source.text)


def kernels_list(material: Material, limits: Limits) -> MemoryMap | None:
    """The list that the kernel printed of itself in the same boot, after ``EFI runtime memory map:``."""
    if not material.map.format.is_linux_log or not material.text:
        return None
    found = read_runtime_bytes(material.map.source, material.text.encode(), limits, near=material.map)
    return None if isinstance(found, Diagnostic) else found
