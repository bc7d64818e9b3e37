"""Counterexamples as files: to be kept, shown, sent on, and run again on the model as it is then.

A file is JSON: what the report of `verify` has of a counterexample, under the name of its check and with a reference to
its model. `map` is its first map, where every reader of memory maps finds it. Nothing else in it is believed: the
layouts are there to be drawn, and are made anew by who wants to know.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from pprint import pformat
from typing import TYPE_CHECKING, TypeVar

import msgspec
from msgspec.structs import replace

from checker import library
from checker import program as p
from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic
from checker.base.limits import CommandLimits, passed
from checker.base.values import frozen
from checker.interpret import lowest
from checker.program.types import Type
from checker.program.valuation import Valuation
from checker.program.walk import statements
from checker.report.columns import read_region, read_value
from checker.report.lines import clean
from checker.report.shapes.common import Fields
from checker.report.shapes.counterexamples import ChoiceShape, KeptShape, ReplayableShape, ValuesShape
from checker.report.values import explained
from checker.report.views.counterexample import chosen_types, json_counterexample
from checker.verify.replay import Replayed, SaysNothing, rerun

if TYPE_CHECKING:
    from checker.verify.results import CheckResult

FORMAT = "mapproof counterexample 1"

COMMAND = CommandLimits()

_SHOWN = 400
"""Characters of what a file says that are repeated in a message."""

_REMEDY = "make a new one: mapproof verify --counterexamples DIR"


# --- writing


def counterexample_files(findings: Sequence[CheckResult], folder: Path, tool: str) -> dict[str, bytes]:
    """Return a file for each counterexample, by a name that says what it is of, to be kept in a folder."""
    files: dict[str, bytes] = {}
    for finding in findings:
        if finding.result.counterexample is not None and finding.seen is not None:
            words = (finding.task.program.path.stem, finding.scenario.name, finding.result.check.label)
            stem = "-".join(re.sub(r"[^A-Za-z0-9_-]+", "-", word).strip("-") for word in words)[:150]
            count = sum(name == f"{stem}.json" or name.startswith(f"{stem}.") for name in files)
            files[f"{stem}.{count + 1}.json" if count else f"{stem}.json"] = _file(finding, folder, tool)
    return files


def _file(finding: CheckResult, folder: Path, tool: str) -> bytes:
    assert finding.result.counterexample is not None and finding.seen is not None
    reference = library.refer(finding.task.program, folder)
    shape = json_counterexample(finding.scenario, finding.result.counterexample, finding.seen)
    head = {
        "format": FORMAT,
        "tool": tool,
        "model": {"file": reference.file, "shipped": reference.shipped, "sources": reference.sources},
        "scenario": str(finding.scenario.name),
        "property": finding.result.check.label,
    }
    # A name in a program is a string that knows its place; here it is a string.
    return (json.dumps({**head, **msgspec.to_builtins(shape, enc_hook=str)}, indent=1) + "\n").encode()


# --- reading


def is_counterexample(keys: Iterable[str]) -> bool:
    """Tell whether an object of JSON with these keys is meant to be the file of a counterexample."""
    return {"format", "model", "property", "maps"} <= set(keys)


_Read = TypeVar("_Read", KeptShape, ReplayableShape)


def read_counterexample(
    name: str, data: bytes, shape: type[_Read], limits: CommandLimits = COMMAND
) -> _Read | Diagnostic:
    """Return the counterexample in a file that the user knows as ``name``: all of it, or as far as it is run again."""
    if len(data) > limits.counterexample_bytes:
        message, remedy = passed(limits, "counterexample_bytes")
        return Diagnostic(CommandCode.NO_COUNTEREXAMPLE, f"{name}: {message}", help=remedy)
    try:
        found = msgspec.json.decode(data, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return _no_counterexample(f"{name} is no counterexample: {error}")
    if found.format != FORMAT:
        return _no_counterexample(f"{name} is a `{found.format[:_SHOWN]}`, and only a `{FORMAT}` can be read")
    count = sum(map(len, found.maps.values())) + sum(map(len, found.beside.values()))
    if count > limits.counterexample_regions:
        message, remedy = passed(limits, "counterexample_regions")
        return Diagnostic(CommandCode.NO_COUNTEREXAMPLE, f"{name}: {message}", help=remedy)
    first = next(iter(found.maps.values()), None)
    if first is None or [region for region in first if region is not None] != found.map:
        return _no_counterexample(f"{name}: `map` and the first of `maps` differ, and are to be the same regions")
    return found


def model_of(kept: ReplayableShape) -> library.Reference:
    """Return the reference of a counterexample to its model."""
    return library.Reference(kept.model.file, kept.model.shipped, kept.model.sources)


def replay(
    name: str, kept: ReplayableShape, program: library.Program, limits: CommandLimits = COMMAND
) -> Replayed | Diagnostic:
    """Run a counterexample on its model as that is now; or say why it says nothing of it."""
    if program.program.size > limits.size:
        return library.too_much("size", limits)
    found = _check(program, kept)
    if found is None:
        known = {str(scenario.name) for scenario in program.program.scenarios}
        what = f"check `{kept.property}`" if kept.scenario in known else "scenario of that name"
        message = f"{name}: {program.name} has no {what[:_SHOWN]} in `{kept.scenario[:_SHOWN]}`"
        return Diagnostic(CommandCode.SAYS_NOTHING, message, help=_REMEDY)
    scenario, check = found
    try:
        values = _valuation(scenario, kept)
    except ValueError as error:
        message = f"{name}: not the values that `{scenario.name}` of {program.name} needs: {error}"
        return Diagnostic(CommandCode.SAYS_NOTHING, message, help=_REMEDY)
    answer = rerun(program.name, scenario, check, values, tuple(library.changed(model_of(kept), program)))
    return answer if isinstance(answer, Replayed) else _silent(name, answer)


def _silent(name: str, reason: SaysNothing) -> Diagnostic:
    if reason.unkept is None:
        message = f"{name}: the values are no run of the model: a choice is missing or not legal, or maps are not alike"
        return Diagnostic(CommandCode.SAYS_NOTHING, message, help=_REMEDY)
    said = explained(reason.unkept.explanation)
    message = f"{name}: the map does not keep what is assumed, `{reason.unkept.rule}`: {said}"
    return Diagnostic(CommandCode.SAYS_NOTHING, message, help=_REMEDY)


def _check(program: library.Program, kept: ReplayableShape) -> tuple[p.Scenario, p.Check] | None:
    """Find the check that a file names. Only this loads the solver: what is planned is grouped as the prover does."""
    from checker.verify.plan import plan

    for task in plan([program]):
        if task.subject.name == kept.scenario:
            for check in task.checks:
                if check.label == kept.property:
                    return task.subject, check
    return None


def _valuation(scenario: p.Scenario, kept: ReplayableShape) -> Valuation:
    """Return the values of a file as a scenario needs them. Raises `ValueError`."""
    named = {run.name: run for run in scenario.runs}
    scalars: dict[str, Type] = {each.name: each.type for each in scenario.scalars}
    records = {each.name: each.record for each in scenario.maps}
    beside = {each.name: each.record for each in scenario.beside}
    foreign = [*(kept.maps.keys() ^ records.keys()), *(kept.scalars.keys() ^ scalars.keys())]
    foreign += kept.beside.keys() ^ beside.keys()
    foreign += [each.run for each in kept.choices if each.run not in named]
    if foreign:
        raise ValueError(f"`{foreign[0]}` is in one of them only")
    return Valuation(
        {name: tuple(_row(records[name], region) for region in column) for name, column in kept.maps.items()},
        {name: read_value(name, scalars[name], value) for name, value in kept.scalars.items()},
        {(each.run, each.name, each.region): _chosen(scenario, each) for each in kept.choices},
        {run: tuple(order) for run, order in kept.orders.items()},
        dict(kept.generations),
        dict(kept.indices),
        {name: tuple(_entry(beside[name], entry) for entry in entries) for name, entries in kept.beside.items()},
    )


def _chosen(scenario: p.Scenario, choice: ChoiceShape) -> int:
    known = chosen_types(scenario, choice.run)
    if choice.name not in known:
        raise ValueError(f"`{choice.run}` chooses no `{choice.name}`")
    return read_value(choice.name, known[choice.name], choice.value)


def _row(record: p.Record, region: Fields | None) -> dict[str, int] | None:
    if region is None:
        return None
    fields = read_region(record, region)
    return {name: fields[name] for name, _ in record.inputs}


def _entry(record: p.Record, entry: Fields) -> dict[str, int]:
    fields = read_region(record, entry)
    return {name: fields[name] for name, _ in record.inputs}


def _no_counterexample(message: str) -> Diagnostic:
    return Diagnostic(CommandCode.NO_COUNTEREXAMPLE, message[: 4 * _SHOWN], help=_REMEDY)


# --- for an algorithm alone


@frozen
class Beside:
    """All that a counterexample says to an algorithm beside the map: values and lists for parameters of these names,
    and what it chooses, as far as it ran it."""

    settings: dict[str, str]
    choices: dict[tuple[str, int | None], int]
    lists: dict[str, tuple[dict[str, int], ...]]

    def choose(self, name: str, region: int | None, legal: range) -> int | None:
        """Choose as the counterexample does, if that is legal; of what it does not choose, the lowest value."""
        value = self.choices.get((name, region))
        if value is None:
            return lowest(name, region, legal)
        return value if value in legal else None


def beside(data: bytes, algorithm: p.Algorithm) -> Beside | None:
    """Return what a counterexample says to an algorithm beside its map; None if it says nothing, or if it is none."""
    kept = read_counterexample("", data, KeptShape)
    if isinstance(kept, Diagnostic):
        return None
    names = {name for name, _, _ in algorithm.parameters}
    settings = {name: str(value).lower() for name, value in kept.scalars.items() if name in names}
    run = next((name for name, made in kept.layouts.items() if made.algorithm == algorithm.name), None)
    rows = [row for row, region in enumerate(next(iter(kept.maps.values()))) if region is not None]
    place: dict[int | None, int | None] = {row: number for number, row in enumerate(rows)} | {None: None}
    known = {each.name: each.type for each in statements(algorithm.body) if isinstance(each, p.Choose)}
    try:
        choices = {
            (each.name, place[each.region]): read_value(each.name, known[each.name], each.value)
            for each in kept.choices
            if each.run == run and each.region in place and each.name in known
        }
        records = dict(algorithm.beside)
        lists = {
            name: tuple(_entry(records[name], entry) for entry in entries)
            for name, entries in kept.beside.items()
            if name in records
        }
    except ValueError:
        return None
    return Beside(settings, choices, lists) if settings or choices or lists else None


# --- as a test


def pytest_file(kept: ReplayableShape, folder: Path, to: Path) -> str:
    """Return a test of pytest, to be kept in the folder ``to``, that fails as long as the counterexample, read from a
    file in ``folder``, breaks its check."""
    model = kept.model
    if not model.shipped:
        place = os.path.relpath(folder.resolve() / model.file, to.resolve())
        model = replace(model, file=Path(place).as_posix())
    shown = {name: getattr(kept, name) for name in ("format", "tool", "scenario", "property")} | {"model": model}
    shown |= {name: getattr(kept, name) for name in ValuesShape.__struct_fields__}
    values = pformat(msgspec.to_builtins(shown), width=116, sort_dicts=False)
    what = clean(f"{kept.property}, of {kept.scenario} in {model.file}")
    name = re.sub(r"\W+", "_", kept.property, flags=re.ASCII).strip("_").lower()
    return f"""# A counterexample as a test: it fails as long as this map breaks
# {what}.
# Written by `mapproof replay --pytest`.

from pathlib import Path

import checker

COUNTEREXAMPLE = {values}


def test_{name}() -> None:
    found = checker.replay(COUNTEREXAMPLE, folder=Path(__file__).parent)
    assert isinstance(found, checker.Replayed) and found.holds, checker.describe(found)
"""
