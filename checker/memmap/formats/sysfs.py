"""The tree ``/sys/firmware/efi/runtime-map``: a numbered directory an entry, a file a field.

Rules: ``drivers/firmware/efi/runtime-map.c`` (3.14 and later, x86). Each file holds ``0x%x`` and a line end.
Reading the
directory gives no particular order; the numbers do.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic, Source, Span
from checker.memmap.descriptor import U64_MAX, Descriptor, Format, MemoryMap, Origin
from checker.memmap.limits import STANDARD, Limits, beyond
from checker.memmap.numbers import LIMITS, number
from checker.memmap.remedies import remedy

_FORMAT = Format("linux-sysfs-runtime-map")

_FIELD_BYTES = 64

Entry = TypeVar("Entry")


def read_tree(path: str, limits: Limits = STANDARD) -> MemoryMap | Diagnostic:
    """The map of a copy of the tree, in the order of the numbers."""
    names = []
    try:
        with os.scandir(path) as entries:
            for count, entry in enumerate(entries, 1):
                if count > limits.folders:
                    return beyond(limits, "folders", path)
                if entry.name.isascii() and entry.name.isdecimal() and entry.is_dir():
                    names.append(entry.name)
    except OSError as error:
        return _problem(MapCode.UNREADABLE, f"{path}: {error.strerror}")
    # Folders of years or of versions are numbered too.
    if "0" not in names and not any((Path(path) / name / key).is_file() for name in names for key in LIMITS):
        message = f"{path} has no numbered folders, as a copy of /sys/firmware/efi/runtime-map has"
        return _problem(MapCode.NO_MAP, message)
    names.sort(key=lambda name: (len(name.lstrip("0")), name.lstrip("0"), len(name)))
    descriptors = []
    for expected, name in enumerate(names):
        if name != str(expected):
            repeated = name.startswith("0") and expected > 0
            code = MapCode.REPEATED_INDEX if repeated else MapCode.MISSING_INDEX
            return _problem(code, f"{path}: directory {expected} should follow, there is {name}", MapCode.SYSFS_FIELD)
        descriptor = _entry(Path(path) / name)
        if isinstance(descriptor, Diagnostic):
            return descriptor
        descriptors.append(descriptor)
    return MemoryMap(tuple(descriptors), _FORMAT, path, Origin.KERNEL)


def in_directory_order(entries: Sequence[Entry]) -> list[Entry]:
    """The entries in the order in which readdir() gives their directories: by the hash of the name that kernfs keeps
    them under (``kernfs_name_hash()`` in fs/kernfs/dir.c, ``partial_name_hash()`` and ``hash_64()``)."""
    numbers = sorted(range(len(entries)), key=lambda number: (_hash(str(number)), str(number)))
    return [entries[number] for number in numbers]


_GOLDEN_RATIO = 0x61C8864680B583EB
"""``GOLDEN_RATIO_64`` of include/linux/hash.h."""


def _hash(name: str) -> int:
    value = 0
    for letter in name.encode():
        value = (value + (letter << 4) + (letter >> 4)) * 11 & U64_MAX
    value = (value * _GOLDEN_RATIO & U64_MAX) >> 32 & 0x7FFF_FFFF
    return min(value + 2 if value < 2 else value, 0x7FFF_FFFE)


def _entry(directory: Path) -> Descriptor | Diagnostic:
    fields = []
    for key, limit in LIMITS.items():
        path = directory / key
        try:
            if not path.is_file():
                return _problem(MapCode.SYSFS_FIELD, f"{path} is not there")
            with path.open("rb") as file:
                data = file.read(_FIELD_BYTES + 1)
        except OSError as error:
            return _problem(MapCode.UNREADABLE, f"{path}: {error.strerror}")
        source = Source(str(path), data.decode("utf-8", "replace"))
        value = number(source.text.strip())
        span = Span(source, 0, len(source.text.rstrip()))
        if not data.strip():
            return _problem(MapCode.CUT, "this file is empty: a number such as 0x1000 should stand here", span=span)
        if value is None or len(data) > _FIELD_BYTES:
            return _problem(MapCode.MALFORMED, "expected a number such as 0x1000 here", span=span)
        if value > limit:
            return _problem(MapCode.OUT_OF_RANGE, f"`{key}` is at most {limit:#x}", span=span)
        fields.append(value)
    return Descriptor(*fields)


def _problem(code: MapCode, message: str, help_of: MapCode | None = None, *, span: Span | None = None) -> Diagnostic:
    return Diagnostic(code, message, span, help=remedy(help_of or code))
