"""Reports that commands have written as JSON, to pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from typing import TypeVar

import msgspec

from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic
from checker.report.counterexamples import is_counterexample, read_counterexample
from checker.report.pictures.comparisons import comparison_picture
from checker.report.pictures.draw import counterexample_picture, layout_picture
from checker.report.pictures.picture import Picture
from checker.report.shapes import DiffShape, LayoutShape
from checker.report.shapes.comparisons import CompareShape
from checker.report.shapes.counterexamples import KeptShape
from checker.report.shapes.verdicts import ResultShape, VerifyShape

_Read = TypeVar("_Read")

_REMEDY = "write it anew: --format json of the command, by this version"


def pictures_of(name: str, data: bytes, wanted: Sequence[str]) -> list[Picture] | Diagnostic | None:
    """Return the pictures of a counterexample, or of a report of a command that has any; None where it is neither.

    ``wanted`` are names or patterns of checks, as for `verify --property`; all if there are none.
    """
    try:
        keys = msgspec.json.decode(data, type=dict[str, msgspec.Raw]).keys()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if is_counterexample(keys):
        kept = read_counterexample(name, data, KeptShape)
        return kept if isinstance(kept, Diagnostic) else _drawn(name, lambda: [_kept(kept)])
    if {"results", "alike"} <= keys:
        return _read(name, data, DiffShape, lambda report: _counterexamples(name, report, wanted))
    if {"equal", "maps"} <= keys:
        return _read(name, data, CompareShape, lambda report: _comparison(name, report))
    if "exit_status" in keys:
        message = f"{name} is the report of a command that holds nothing to draw"
        return Diagnostic(CommandCode.NOTHING_TO_SHOW, message, help="show the map or capture that it is about")
    if "results" in keys:
        return _read(name, data, VerifyShape, lambda report: _counterexamples(name, report, wanted))
    if {"algorithm", "regions"} <= keys:
        return _read(name, data, LayoutShape, lambda report: _layout(name, report))
    return None


def _read(
    name: str, data: bytes, shape: type[_Read], draw: Callable[[_Read], list[Picture] | Diagnostic]
) -> list[Picture] | Diagnostic:
    """Draw a report in the shape that it should have, or say that it has another."""
    return _drawn(name, lambda: draw(msgspec.json.decode(data, type=shape)))


def _drawn(name: str, draw: Callable[[], list[Picture] | Diagnostic]) -> list[Picture] | Diagnostic:
    try:
        return draw()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        return Diagnostic(
            CommandCode.FOREIGN_REPORT, f"{name} is no report as it is written now: {error}", help=_REMEDY
        )


def _kept(kept: KeptShape) -> Picture:
    return counterexample_picture(f"{kept.model.file}, {kept.scenario}: {kept.property}", kept)


def _layout(name: str, report: LayoutShape) -> list[Picture] | Diagnostic:
    if report.regions:
        return [layout_picture(report)]
    message = f"{name} is a layout in which no region is exported"
    return Diagnostic(CommandCode.NOTHING_TO_SHOW, message, help="show the map itself, with --model")


def _comparison(name: str, report: CompareShape) -> list[Picture] | Diagnostic:
    pictures = [comparison_picture(pair) for pair in report.maps if pair.changes]
    if pictures:
        return pictures
    message = f"{name} is a comparison of lists with the same regions"
    return Diagnostic(CommandCode.NOTHING_TO_SHOW, message, help="show the maps themselves")


def _counterexamples(name: str, report: VerifyShape | DiffShape, wanted: Sequence[str]) -> list[Picture] | Diagnostic:
    found = [each for each in report.results if each.counterexample is not None]
    chosen = [each for each in found if not wanted or any(_matches(each, pattern) for pattern in wanted)]
    if not chosen:
        listed = ", ".join(each.property for each in found[:5])
        remedy = f"it has counterexamples to {listed}" if found else "there is one where a check is refuted"
        kind = f" to {' or '.join(wanted)}" if wanted else ""
        return Diagnostic(CommandCode.NOTHING_TO_SHOW, f"{name} holds no counterexample{kind}", help=remedy)
    return [
        counterexample_picture(f"{each.file}, {each.scenario}: {each.property}", each.counterexample)
        for each in chosen
        if each.counterexample is not None
    ]


def _matches(result: ResultShape, pattern: str) -> bool:
    """Tell whether a result is meant, by the names that `verify --property` goes by."""
    label = result.property
    names = {label, label.split(" assuming ")[0], label.split("(")[0], *result.rules}
    return any(fnmatchcase(name, pattern) for name in names)
