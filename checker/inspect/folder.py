"""Folders of maps: which files under a folder may be maps."""

from __future__ import annotations

import os
from collections.abc import Callable

from checker.base.codes import CommandCode, MapCode
from checker.base.diagnostic import Diagnostic
from checker.base.files import why
from checker.base.limits import CommandLimits, passed
from checker.library import COMMAND

NO_MAP_AT_ALL = frozenset((MapCode.NO_MAP, MapCode.JSON_SHAPE))
"""The codes of files that hold no map, rather than a damaged one."""

_FIRST = "0"
"""The directory of the first entry in a copy of ``/sys/firmware/efi/runtime-map``."""


def is_tree(path: str) -> bool:
    """Tell whether a folder is a copy of the runtime map."""
    return os.path.isdir(os.path.join(path, _FIRST))


def is_folder_of_maps(path: str) -> bool:
    """Tell whether a path is a folder that is not itself a map, as a copy of the runtime map is."""
    return os.path.isdir(path) and not is_tree(path)


def maps_under(
    folder: str, limits: CommandLimits = COMMAND, is_whole: Callable[[str], bool] = is_tree
) -> tuple[str, ...] | Diagnostic:
    """All files under a folder, and all folders that are one input as a whole, as copies of the runtime map are,
    sorted; links to other folders are not followed."""
    found: list[str] = []
    seen = 0
    refused: list[OSError] = []
    for here, folders, files in os.walk(folder, onerror=refused.append):
        seen += len(folders) + len(files)
        if seen > limits.entries:
            message, remedy = passed(limits, "entries")
            return Diagnostic(CommandCode.TOO_MUCH, f"{folder}: {message}", help=remedy)
        trees = [name for name in folders if is_whole(os.path.join(here, name))]
        folders[:] = sorted(set(folders) - set(trees))
        found += (os.path.join(here, name) for name in sorted(files + trees))
    if refused:
        message = f"{refused[0].filename}: {why(refused[0])}"
        return Diagnostic(MapCode.UNREADABLE, message, help="name a folder that can be read")
    return tuple(found)


def no_map_under(folder: str) -> Diagnostic:
    """The complaint that no file under a folder holds a map."""
    message = f"{folder}: no file in this folder holds a memory map"
    return Diagnostic(MapCode.NO_MAP, message, help="name a folder with kernel logs or listings of firmware")
