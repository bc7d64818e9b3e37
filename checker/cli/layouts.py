"""Lay out the map that the command line names, as the algorithm does that it names."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from checker.base.codes import CommandCode, MapCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.cli.handed import ANY_KERNEL, WhichKernel, completed, handed_to
from checker.cli.inputs import (
    AUTO,
    belongs,
    map_in,
    model_for,
    of_kernel,
    read_given,
    read_input,
    read_map,
    read_settings,
)
from checker.cli.options import MapOptions, chosen_limits
from checker.cli.terminal import complain
from checker.inspect import is_runtime, nothing_runtime
from checker.language import SUFFIX
from checker.language import Limits as LayoutLimits
from checker.layouts.entries import given_lists
from checker.layouts.lay_out import lay_out, told_values
from checker.library import Chosen, find_algorithm
from checker.memmap import Limits, MemoryMap
from checker.program.types import Boolean
from checker.report.counterexamples import Beside, beside

if TYPE_CHECKING:
    from checker import Layout


def two_words(words: Sequence[str], reading: MapOptions) -> tuple[str, str]:
    """Return the words for the algorithm and the map; a kernel that is named tells of the algorithm."""
    if len(words) == 1 and reading.kernel is not None:
        return AUTO, words[0]
    if len(words) == 1:
        raise click.UsageError(_one_word(words[0]))
    if len(words) > 2:
        raise click.UsageError(f"Got unexpected extra argument ({words[2]})")
    reading.model_or_kernel(words[0])
    return words[0], words[1]


def _one_word(word: str) -> str:
    """Say what is lacking where one word stands for the algorithm and the map."""
    if word == "-" or (os.path.exists(word) and not word.endswith(SUFFIX)):
        return (
            f"Name what is to lay out {word}: `mapproof run {AUTO} {word}` takes the model that it tells of, "
            f"`mapproof models` lists them."
        )
    return f"Name the memory map that {word} is to lay out: `mapproof run {word} MAP`; `-` is standard input."


def laid_out(
    algorithm: str,
    memory_map: str,
    settings: Sequence[str],
    reading: MapOptions,
    limits: Sequence[str],
    which: WhichKernel | None = None,
    given: Sequence[str] = (),
) -> tuple[Chosen, MemoryMap, Layout] | Diagnostic:
    """Return the algorithm, the map and the layout, or what is wrong with what is named. For ``which`` kernel a map is
    laid out may be said; the model that is taken then does all that a kernel does to its list."""
    whole, which = which is not None, which or ANY_KERNEL
    layout_limits, map_limits = chosen_limits(limits, LayoutLimits(), Limits())
    found = None if algorithm == AUTO else find_algorithm(algorithm, layout_limits)
    if isinstance(found, Diagnostic):
        return found
    values = read_settings(settings)
    if isinstance(values, Diagnostic):
        return values
    files = read_given(given, map_limits)
    if isinstance(files, Diagnostic):
        return files
    read = handed_to(memory_map, which, map_limits)
    if isinstance(read, MemoryMap):
        read = of_kernel(read, reading)
    data = (
        None
        if read is not None or (memory_map != "-" and os.path.isdir(memory_map))
        else read_input(memory_map, map_limits)
    )
    if isinstance(data, Diagnostic):
        return data
    if read is None:
        in_data = map_in(memory_map, data, map_limits, reading) if data is not None else None
        read = in_data or read_map(memory_map, map_limits, reading)
    if not isinstance(read, Diagnostic):
        read = completed(read, data, which, map_limits)
    if isinstance(read, Diagnostic):
        return read
    if found is None:
        found = model_for(read, layout_limits, whole=whole)
    else:
        found = belongs(found, read, reading, layout_limits)
    if isinstance(found, Diagnostic):
        return found
    told_of = any(each.code is MapCode.LACKS_ATTRIBUTES for each in read.remarks)
    if found.algorithm.targets and not told_of and not any(map(is_runtime, read.descriptors)):
        complain([nothing_runtime()])
    complain(_as_log(found, read, values))
    told = None if data is None else beside(data, found.algorithm)
    wanted = {name: record for name, record in found.algorithm.beside if told is None or name not in told.lists}
    lists = given_lists(wanted, files, f"`{found.algorithm.name}`", map_limits)
    if isinstance(lists, Diagnostic):
        return lists
    if told is None:
        layout = lay_out(found.algorithm, read.descriptors, values, map_limits, beside=lists, around=read.told)
    else:
        complain([_told(told, values)])
        settled = {**told.settings, **values}
        beside_map = {**told.lists, **lists}
        layout = lay_out(found.algorithm, read.descriptors, settled, map_limits, told.choose, beside_map, read.told)
    return layout if isinstance(layout, Diagnostic) else (found, read, layout)


def _as_log(chosen: Chosen, read: MemoryMap, values: Mapping[str, str]) -> list[Diagnostic]:
    """Tell which values of parameters are from what the log tells of beside the map, if any are."""
    kinds = {name: kind for name, kind, _ in chosen.algorithm.parameters}
    taken = [
        f"{name} = {str(bool(value)).lower() if isinstance(kinds[name], Boolean) else f'{value:#x}'}"
        for name, value in told_values(chosen.algorithm, read.told).items()
        if name not in values
    ]
    if not taken:
        return []
    message = f"as the log tells: {', '.join(taken)}"
    return [Diagnostic(CommandCode.AS_TOLD, message, help="--set gives others", severity=Severity.NOTE)]


def _told(told: Beside, values: Mapping[str, str]) -> Diagnostic:
    """Tell what is taken from a counterexample beside its map."""
    taken = [f"{name} = {value}" for name, value in told.settings.items() if name not in values]
    taken += [f"{len(entries)} entries of {name}" for name, entries in told.lists.items()]
    taken += [f"{len(told.choices)} choice{'' if len(told.choices) == 1 else 's'}"] if told.choices else []
    message = f"as in the counterexample: {', '.join(taken) or 'nothing, --set gives all'}"
    return Diagnostic(CommandCode.AS_COUNTEREXAMPLE, message, severity=Severity.NOTE)
