"""Finds the parts of a hand-over: in the directory of a capture, or in files that are recognised.

A directory has the files of the first kernel under their own names and those of the N-th kernel after it with
``kexecN-`` before them: ``runtime-map.json`` (or a copy of the tree ``runtime-map``, or a log ``dmesg-efi.txt`` with a
second list), ``boot_params_efi.json``, ``setup_data.hex``, ``efi-sysfs.txt``, and ``memmap.bin``, the raw array of
descriptors that the kernel was given. What is not there is not known.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import fields, replace
from itertools import count
from pathlib import Path
from typing import assert_never

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic, Source
from checker.handover.boot_params import RAW_KEY, BootParams, read_boot_params
from checker.handover.checks.arrival import Kernel
from checker.handover.efi_files import EfiFiles, looks_like_efi_files, read_efi_files
from checker.handover.setup_dump import SetupDump, looks_like_setup_dump, read_setup_dump
from checker.memmap.descriptor import MemoryMap, Origin
from checker.memmap.files import decoded, load
from checker.memmap.formats.json_map import JSON
from checker.memmap.formats.raw import DESCRIPTOR_BYTES
from checker.memmap.limits import STANDARD, Limits, beyond
from checker.memmap.reader import read_bytes, read_path, read_runtime_bytes
from checker.memmap.remedies import remedy
from checker.memmap.signs import NO_SIGNS, Signs
from checker.memmap.text.sign_collector import SignCollector

_MAP = "runtime-map.json"
_TREE = "runtime-map"
_LOG = "dmesg-efi.txt"
_PARAMS = "boot_params_efi.json"
_SETUP = "setup_data.hex"
_FILES = "efi-sysfs.txt"
_ARRAY = "memmap.bin"
_MAPS = (_MAP, _TREE, _LOG)
_META = "meta.json"
_VERSION = "proc_version"
_COMMAND_LINE = "cmdline"
_NAMES = (*_MAPS, _PARAMS, _SETUP, _FILES, _ARRAY)

_SHORT = 4096
"""Characters that a list without entries has at most."""

Part = MemoryMap | BootParams | SetupDump | EfiFiles | bytes


def is_capture(path: str) -> bool:
    """Tell whether a directory has files of a capture."""
    return bool(_files_of(Path(path), ""))


def capture_map(folder: str) -> str | Diagnostic:
    """The file of a capture that holds the first kernel's map: the log with the firmware's list, or else what the
    kernel exports."""
    there = (path for name in (_LOG, _MAP, _TREE) if (path := Path(folder) / name).exists())
    found = next(there, None)
    return no_capture(folder) if found is None else str(found)


def signs_beside(folder: str, limits: Limits = STANDARD) -> Signs:
    """The signs of the kernel that a capture's ``meta.json`` names, as /proc/version has it, and of its command line:
    its log may be what the kernel says of EFI alone. None where there is no such file, or it says nothing of it."""
    path = Path(folder) / _META
    data = load(str(path), limits) if path.is_file() else b"{}"
    try:
        said = json.loads(data) if isinstance(data, bytes) else None
    except (RecursionError, ValueError):
        return NO_SIGNS
    if not isinstance(said, dict) or not isinstance(version := said.get(_VERSION), str):
        return NO_SIGNS
    collector = SignCollector(Source(str(path), version))
    collector.note(version, 0)
    words = said.get(_COMMAND_LINE)
    first = words[0] if isinstance(words, list) and words else words
    if isinstance(first, str):
        collector.note(first, 0)
    found = collector.of(0)
    known = (getattr(found, each.name) for each in fields(Signs))
    return Signs(*(each and replace(each, what=f"{each.what} in {_META}", place=None) for each in known))


def no_capture(folder: str) -> Diagnostic:
    """The refusal of a folder that is neither a capture nor a map."""
    message = f"{folder} is neither a copy of /sys/firmware/efi/runtime-map (no folder `0`) nor a capture"
    help = (
        f"name a file; a capture holds {_LOG} (a kernel log), {_MAP}, or {_TREE} (a copy); of a folder with many maps "
    )
    help += "`check` and `identify` take each"
    return Diagnostic(MapCode.NO_MAP, message, help=help)


def read_capture(path: str, limits: Limits = STANDARD, least: int = 2) -> tuple[Kernel, ...] | Diagnostic:
    """The kernels in the directory of a capture, one after the other; ``least`` is how many there have to be."""
    kernels: list[Kernel] = []
    size = entries = 0
    for number in count():
        prefix = f"kexec{number}-" if number else ""
        files = _files_of(Path(path), prefix)
        size += sum(file.stat().st_size for file in files if file.is_file())
        if size > limits.map_bytes:
            return beyond(limits, "map_bytes", path)
        kernel = _kernel_of(files, f"kexec {number}" if number else "first kernel", limits)
        if isinstance(kernel, Diagnostic):
            return kernel
        if kernel is None:
            break
        if number >= limits.kernels:
            return beyond(limits, "kernels", path)
        kernels.append(kernel)
        entries += 0 if kernel.runtime_map is None else len(kernel.runtime_map.descriptors)
        if entries > limits.captured:
            return beyond(limits, "captured", path)
    if len(kernels) < least:
        what = f"only the {kernels[0].name}" if kernels else f"no {_MAP} and nothing else of a capture"
        return _problem(MapCode.NO_HANDOVER, f"{path}: there is {what}")
    return tuple(kernels)


def read_handover(paths: Sequence[str], limits: Limits = STANDARD) -> tuple[Kernel, ...] | Diagnostic:
    """The kernels in the directory of a capture if that is all, else those of the files named."""
    if len(paths) == 1 and os.path.isdir(paths[0]):
        return read_capture(paths[0], limits)
    return read_parts(paths, limits)


def read_parts(paths: Sequence[str], limits: Limits = STANDARD) -> tuple[Kernel, ...] | Diagnostic:
    """A first and a second kernel from files (or copies of the tree ``runtime-map``) in any order.

    Of two parts of one kind the one named first is the first kernel's. A single part is the first kernel's if it is
    what a kernel shows (a map, ``efi-sysfs.txt``), and the second's if it is what a kernel was told.
    """
    first, second = Kernel("first kernel"), Kernel("second kernel")
    parts: list[Part] = []
    for path in paths:
        part = read_part(path, limits)
        if isinstance(part, Diagnostic):
            return part
        if sum(type(each) is type(part) for each in parts) == (1 if isinstance(part, bytes) else 2):
            return _problem(MapCode.INPUT_TWICE, f"{path}: this part of the hand-over was given before")
        parts.append(part)
    for index, part in enumerate(parts):
        alike = [position for position, each in enumerate(parts) if type(each) is type(part)]
        shown = isinstance(part, MemoryMap | EfiFiles)
        if index == alike[0] and (shown or len(alike) == 2):
            first = _with(first, part)
        else:
            second = _with(second, part)
    return first, second


def read_part(path: str, limits: Limits = STANDARD) -> Part | Diagnostic:
    """What a file holds: a runtime map, boot parameters, ``setup_data``, the files of ``/sys/firmware/efi``, or raw
    descriptors.

    Its name says so if it ends as those in a capture do, else its content. Raw descriptors are told from text by their
    third and fourth byte, which are the upper half of a type number and 0; no text begins so.
    """
    if os.path.isdir(path):
        return read_path(path, limits)
    data = load(path, limits)
    if isinstance(data, Diagnostic):
        return data
    if path.endswith(_ARRAY) or (len(data) >= DESCRIPTOR_BYTES and data[2:4] == b"\0\0"):
        return data
    source = decoded(path, data, limits)
    if isinstance(source, Diagnostic):
        return source
    text = source.text
    if path.endswith(_SETUP) or looks_like_setup_dump(text):
        return read_setup_dump(source, limits)
    if path.endswith(_FILES) or looks_like_efi_files(text):
        return read_efi_files(source, limits)
    if path.endswith(_PARAMS) or f'"{RAW_KEY}"' in text or '"memdesc_size"' in text:
        return read_boot_params(source, limits)
    answer = read_bytes(path, data, limits)
    if isinstance(answer, MemoryMap):
        return read_runtime_bytes(path, data, limits) if answer.format.is_linux_log else answer
    if answer.code == MapCode.NO_MAP and _is_empty_list(text):
        return MemoryMap((), JSON, path, Origin.KERNEL)
    return answer


def _files_of(directory: Path, prefix: str) -> list[Path]:
    """The files of a kernel that are there; of several maps the best. A pipe or a device is no file of a capture."""
    there = [each for name in _NAMES if (each := directory / (prefix + name)).is_file() or each.is_dir()]
    maps = [each for each in there if each.name.removeprefix(prefix) in _MAPS]
    return [*maps[:1], *(each for each in there if each not in maps)]


def _kernel_of(files: Sequence[Path], name: str, limits: Limits) -> Kernel | Diagnostic | None:
    kernel = Kernel(name)
    for path in files:
        part = read_part(str(path), limits)
        if isinstance(part, Diagnostic):
            if path.name.endswith(_LOG) and part.code in (MapCode.NO_MAP, MapCode.NO_RUNTIME_LIST):
                continue
            return part
        kernel = _with(kernel, part)
    return None if kernel == Kernel(name) else kernel


def _with(kernel: Kernel, part: Part) -> Kernel:
    match part:
        case MemoryMap():
            return replace(kernel, runtime_map=part)
        case BootParams():
            return replace(kernel, boot_params=part)
        case SetupDump():
            return replace(kernel, setup=part)
        case EfiFiles():
            return replace(kernel, files=part)
        case bytes():
            return replace(kernel, array=part)
        case _:
            assert_never(part)


def _is_empty_list(text: str) -> bool:
    if len(text) > _SHORT:
        return False
    try:
        value = json.loads(text)
    except (RecursionError, ValueError):
        return False
    return value == [] or (isinstance(value, dict) and value.get("regions") == [])


def _problem(code: MapCode, message: str) -> Diagnostic:
    return Diagnostic(code, message, help=remedy(code))
