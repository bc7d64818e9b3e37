"""The lists that an input holds: the firmware's, and one that a kernel made of it, with or without addresses.

An input is a map in any format, a text with several lists or with rows of addresses, a copy of the tree
/sys/firmware/efi/runtime-map, or the folder of a capture, with files under the names that `checker.handover.capture`
reads. Where a capture has no list of the firmware's, ``meta.json`` may name another one of the same machine as
``map_from``, a folder beside it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import field, replace
from pathlib import Path

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.base.values import mutable
from checker.handover import no_capture
from checker.memmap import AS_FOUND, Limits, MemoryMap, Origin, Reading, read_bytes, read_path
from checker.memmap.files import decoded, load
from checker.memmap.formats.address_rows import read_address_rows
from checker.memmap.formats.json_map import JSON
from checker.memmap.formats.raw import RAW

_LOG = "dmesg-efi.txt"
_ADDRESSED = ("runtime-map.json", "runtime-map", "memory-map-with-virt.json")
_META = "meta.json"
_TWIN = "map_from"


@mutable
class Lists:
    """The first list of a firmware, the last one that a kernel or the EFI stub has given addresses to, and one that is
    no map, such as an e820 table; ``remarks`` are what there is to say of the inputs."""

    firmware: MemoryMap | None = None
    made: MemoryMap | None = None
    derived: MemoryMap | None = None
    remarks: list[Diagnostic] = field(default_factory=list)

    def take(self, found: MemoryMap) -> None:
        """Take a map for what it is."""
        if found.origin.is_derived:
            self.derived = found
            return
        addressed = found.format in (JSON, RAW) and any(each.virt_addr for each in found.descriptors)
        if addressed or found.origin is Origin.KERNEL:
            self.made = found
        elif self.firmware is None:
            self.firmware = found
            self.remarks += found.remarks


def is_capture(folder: str) -> bool:
    """Tell whether a folder is a capture, by the names of the files in it."""
    return any((Path(folder) / name).exists() for name in (_LOG, *_ADDRESSED))


def read_lists(
    paths: Sequence[str], limits: Limits, stdin: bytes = b"", reading: Reading = AS_FOUND
) -> Lists | Diagnostic:
    """Read what some inputs hold together; `-` is ``stdin``. ``reading`` is for the first; of another one, a runtime
    map, what it says of stride and columns counts if it is not read without."""
    lists = Lists()
    for number, path in enumerate(paths):
        first = number == 0
        wrong = _input(path, lists, limits, stdin, reading if first else AS_FOUND)
        if wrong is not None and not first and reading != AS_FOUND:
            wrong = _input(path, lists, limits, stdin, replace(reading, number=None))
        if wrong is not None:
            return wrong
    return lists


def _input(path: str, lists: Lists, limits: Limits, stdin: bytes, reading: Reading) -> Diagnostic | None:
    """Take what a folder or a file holds."""
    if os.path.isdir(path):
        return _folder(Path(path), lists, limits, reading)
    return _file(path, lists, limits, stdin, reading)


def _folder(folder: Path, lists: Lists, limits: Limits, reading: Reading) -> Diagnostic | None:
    """Take the files of a capture, of which ``reading`` is for the log, or a copy of the tree `runtime-map`."""
    names = [name for name in _ADDRESSED if (folder / name).exists()]
    if not names and not (folder / _LOG).exists():
        tree = read_path(str(folder), limits)
        if isinstance(tree, Diagnostic):
            return no_capture(str(folder)) if tree.code is MapCode.NO_MAP else tree
        lists.take(tree)
        return None
    for path, how in ((folder / _LOG, reading), *((folder / name, AS_FOUND) for name in names[:1])):
        if not path.exists():
            continue
        wrong = _folder(path, lists, limits, how) if path.is_dir() else _file(str(path), lists, limits, reading=how)
        if wrong is not None and wrong.code != MapCode.NO_MAP:
            return wrong
    return _twin(folder, lists, limits) if lists.firmware is None else None


def _twin(folder: Path, lists: Lists, limits: Limits) -> Diagnostic | None:
    """Take the firmware's list from the capture of the same machine that ``meta.json`` names, if it does: a folder
    beside this one, and nothing else."""
    data = load(str(folder / _META), limits) if (folder / _META).is_file() else b"{}"
    if isinstance(data, Diagnostic):
        return data
    try:
        said = json.loads(data)
    except (RecursionError, ValueError):
        return None
    name = said.get(_TWIN) if isinstance(said, dict) else None
    if not isinstance(name, str) or name in ("", ".", "..") or Path(name).name != name:
        return None
    log = folder.absolute().parent / name / _LOG
    if not log.is_file():
        return None
    wrong = _file(str(log), lists, limits)
    if wrong is None:
        message = f"{folder} has no list of the firmware's: that of {name}, of the same machine, is taken"
        lists.remarks.append(Diagnostic(MapCode.MAP_OF_ANOTHER, message, severity=Severity.NOTE))
    return wrong


def _file(
    path: str, lists: Lists, limits: Limits, stdin: bytes = b"", reading: Reading = AS_FOUND
) -> Diagnostic | None:
    """Take what a file holds: rows with addresses, a list, or both."""
    data = stdin if path == "-" else load(path, limits)
    if isinstance(data, Diagnostic):
        return data
    rows = None if reading.stride is not None else _rows(path, data, limits)
    if isinstance(rows, Diagnostic):
        return rows
    found = read_bytes(path, data, limits, reading)
    if isinstance(found, MemoryMap) and (rows is None or found.origin is Origin.FIRMWARE):
        lists.take(found)
    if rows is not None:
        lists.take(rows)
        return None
    return found if isinstance(found, Diagnostic) else None


def _rows(path: str, data: bytes, limits: Limits) -> MemoryMap | Diagnostic | None:
    """The rows with addresses of a text; None where there are none."""
    source = decoded(path, data, limits)
    return source if isinstance(source, Diagnostic) else read_address_rows(source, limits)
