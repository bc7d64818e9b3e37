"""Read what the command line names: memory maps, and values of parameters."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from checker.base.codes import CommandCode, MapCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.cli.options import MapOptions
from checker.cli.terminal import complain
from checker.handover import capture_map, signs_beside
from checker.inspect import (
    Material,
    material_at,
    material_of,
    told_model,
)
from checker.language import Limits as LayoutLimits
from checker.layouts.entries import GivenFile
from checker.layouts.fit import fit_warnings, fits
from checker.library import Chosen, find_algorithm, shipped_algorithms
from checker.memmap import Limits, MemoryMap, Reading, read_bytes, read_path, signs_of_release
from checker.memmap.files import load
from checker.memmap.signs import NO_SIGNS, Signs

Say = Callable[[Iterable[Diagnostic]], None]
"""Says what there is to remark: on standard error, or keeps it for later."""


def reading_of(options: MapOptions) -> Reading:
    """Return the way of reading that the command line asks for."""
    return Reading(options.number, options.stride, options.columns)


def read_map(name: str, limits: Limits, options: MapOptions) -> MemoryMap | Diagnostic:
    """Read the memory map of a file or folder, where `-` is standard input, and see what `accepted` says of it.
    Of a capture that is the map of its first kernel."""
    if name != "-" and os.path.isdir(name):
        read = read_path(name, limits, reading_of(options))
        if isinstance(read, Diagnostic) and read.code is MapCode.NO_MAP:
            inside = capture_map(name)
            first = inside if isinstance(inside, Diagnostic) else read_map(inside, limits, options)
            return first if isinstance(first, Diagnostic) else _signed(first, name, limits)
        return read if isinstance(read, Diagnostic) else accepted(read, read.remarks, options)
    data = read_input(name, limits)
    return data if isinstance(data, Diagnostic) else map_in(name, data, limits, options)


def _signed(read: MemoryMap, folder: str, limits: Limits) -> MemoryMap:
    """Add to what a map's own text says of its machine what the capture says that it lies in."""
    return replace(read, signs=read.signs.narrowed_by(signs_beside(folder, limits)))


def read_input(name: str, limits: Limits) -> bytes | Diagnostic:
    """Read a file, where `-` is standard input: one byte more than a map may have if there are more."""
    return sys.stdin.buffer.read(limits.map_bytes + 1) if name == "-" else load(name, limits)


def map_in(name: str, data: bytes, limits: Limits, options: MapOptions) -> MemoryMap | Diagnostic:
    """Find the memory map in what was read, and see what `accepted` says of it."""
    read = read_bytes(name, data, limits, reading_of(options))
    return read if isinstance(read, Diagnostic) else accepted(read, read.remarks, options)


def accepted(
    read: MemoryMap, remarks: Sequence[Diagnostic], options: MapOptions, say: Say = complain
) -> MemoryMap | Diagnostic:
    """Tell what there is to remark on a map; with `--strict` that is why it is refused. Return it as one of the kernel
    that `--kernel` names."""
    return objection(remarks, options, say) or of_kernel(read, options)


def of_kernel(read: MemoryMap, options: MapOptions) -> MemoryMap | Diagnostic:
    """Return a map with the signs of the kernel that `--kernel` names, if it does, in the place of its own."""
    named = kernel_signs(options)
    return named if isinstance(named, Diagnostic) else replace(read, signs=named.or_else(read.signs))


def kernel_signs(options: MapOptions) -> Signs | Diagnostic:
    """Read what `--kernel` says."""
    named = NO_SIGNS if options.kernel is None else signs_of_release(options.kernel)
    if named is not None:
        return named
    message = f"--kernel {options.kernel} is no version"
    return Diagnostic(CommandCode.WRONG_VALUE, message, help="write it as in 5.15, or 6.1.0-56-amd64")


def objection(remarks: Sequence[Diagnostic], options: MapOptions, say: Say = complain) -> Diagnostic | None:
    """Tell what there is to remark on what was read, or return it, with `--strict`: the reason to refuse it."""
    if remarks and options.strict:
        say(remarks[1:])
        return replace(remarks[0], severity=Severity.ERROR)
    say(remarks)
    return None


def read_material(name: str, limits: Limits, options: MapOptions, say: Say = complain) -> Material | Diagnostic:
    """Read a map with what is found beside it, as `read_map` reads it."""
    return _accepted(_found(name, limits, options), options, say)


def read_of_folder(path: str, limits: Limits, options: MapOptions, say: Say = complain) -> Material | Diagnostic:
    """Read a file of a folder as `read_material` does. A list that is no map is not refused: it was not asked for."""
    found = _found(path, limits, options)
    if isinstance(found, Diagnostic) or not found.map.origin.is_derived:
        return _accepted(found, options, say)
    say([replace(each, severity=Severity.NOTE) for each in found.map.remarks])
    return replace(found, aside=True)


def _accepted(found: Material | Diagnostic, options: MapOptions, say: Say) -> Material | Diagnostic:
    if isinstance(found, Diagnostic):
        return found
    read = accepted(found.map, found.map.remarks, options, say)
    return read if isinstance(read, Diagnostic) else replace(found, map=read)


def _found(name: str, limits: Limits, options: MapOptions) -> Material | Diagnostic:
    """Read a map with what is found beside it, where `-` is standard input."""
    reading = reading_of(options)
    if name == "-":
        data = read_input(name, limits)
        return data if isinstance(data, Diagnostic) else material_of(name, data, limits, reading)
    found = material_at(name, limits, reading)
    if isinstance(found, Diagnostic) and found.code is MapCode.NO_MAP and os.path.isdir(name):
        inside = capture_map(name)
        found = inside if isinstance(inside, Diagnostic) else _found(inside, limits, options)
        if isinstance(found, Diagnostic):
            return found
        return replace(found, map=_signed(found.map, name, limits))
    return found


def read_settings(texts: Iterable[str]) -> dict[str, str] | Diagnostic:
    """The values that `--set NAME=VALUE` gives, as text."""
    values = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            return Diagnostic(CommandCode.WRONG_VALUE, f"--set {text} has no `=`", help="write --set NAME=VALUE")
        values[name] = value
    return values


def read_given(texts: Iterable[str], limits: Limits) -> dict[str, GivenFile] | Diagnostic:
    """Read the files of lists beside the map that `--given NAME=FILE` names."""
    files = {}
    for text in texts:
        name, equals, path = text.partition("=")
        if not equals:
            return Diagnostic(CommandCode.WRONG_VALUE, f"--given {text} has no `=`", help="write --given NAME=FILE")
        data = load(path, limits)
        if isinstance(data, Diagnostic):
            return data
        files[name] = GivenFile(path, data)
    return files


AUTO = "auto"
"""The word for the model that a map's signs tell of."""


def model_for(
    read: MemoryMap, limits: LayoutLimits, say: Say = complain, *, whole: bool = False
) -> Chosen | Diagnostic:
    """Find the shipped model that a map belongs to, and tell by which signs; ``whole`` as for `told_model`."""
    found = told_model(read, limits, whole=whole)
    if isinstance(found, Diagnostic):
        return found
    chosen, note = found
    say([note])
    return chosen


def find_model(word: str | None, limits: LayoutLimits) -> Chosen | Diagnostic | None:
    """Find the model that `--model` names; None if it names none, or leaves it to the signs of the map."""
    return None if word is None or word == AUTO else find_algorithm(word, limits)


def belongs(
    chosen: Chosen, read: MemoryMap, options: MapOptions, limits: LayoutLimits, say: Say = complain
) -> Chosen | Diagnostic:
    """Warn if a map is of no machine that an algorithm is for; with `--strict` that is why the map is refused."""
    if not chosen.algorithm.targets or fits(chosen.algorithm, read.signs):
        return chosen
    shipped = ((each.name, each.algorithm) for each in shipped_algorithms(limits))
    warnings = fit_warnings(chosen.name, chosen.algorithm, read.signs, shipped)
    answer = accepted(read, warnings, options, say)
    return answer if isinstance(answer, Diagnostic) else chosen
