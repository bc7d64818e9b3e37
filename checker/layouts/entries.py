"""Lists beside the map, such as reservations, read from files for `run` and `check --against`.

A file is JSON: a list of objects, one for each entry, with a value for each field of the list's record. A value is what
reports have (a number, a text like "0x1000", true or false) or what the command line takes (2M, a name of the type).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from checker import program as p
from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic
from checker.base.values import frozen
from checker.interpret import Values
from checker.layouts.lay_out import value_of
from checker.memmap import Limits
from checker.memmap.limits import beyond

Entries = Mapping[str, Sequence[Values]]
"""Lists beside the map, by name."""


@frozen
class GivenFile:
    """A file that a list beside the map is read from, as it was given and as it was read."""

    name: str
    data: bytes


def given_lists(
    wanted: Mapping[str, p.Record], files: Mapping[str, GivenFile], of: str, limits: Limits
) -> dict[str, tuple[Values, ...]] | Diagnostic:
    """Return the lists that something, called ``of`` in messages, wants beside the map."""
    listing = f"lists beside the map: {', '.join(wanted)}" if wanted else "it takes no list beside the map"
    found: dict[str, tuple[Values, ...]] = {}
    for name, file in files.items():
        if name not in wanted:
            return Diagnostic(CommandCode.WRONG_VALUE, f"{of} has no list `{name}`", help=listing)
        entries = read_entries(file, wanted[name], limits)
        if isinstance(entries, Diagnostic):
            return entries
        found[name] = entries
    missing = [name for name in wanted if name not in found]
    if missing:
        message = f"{of} needs the list {' and '.join(f'`{name}`' for name in missing)}"
        remedy = " ".join(f"--given {name}=FILE" for name in missing)
        return Diagnostic(CommandCode.MISSING_VALUE, message, help=remedy)
    return found


def read_entries(file: GivenFile, record: p.Record, limits: Limits) -> tuple[Values, ...] | Diagnostic:
    """Read the entries of a list from a file of JSON."""
    if len(file.data) > limits.map_bytes:
        return beyond(limits, "map_bytes", file.name)
    try:
        found = msgspec.json.decode(file.data, type=list[dict[str, Any]])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return _refused(file, record, f"is no list of entries: {error}")
    if len(found) > limits.descriptors:
        return beyond(limits, "descriptors", file.name)
    entries: list[Values] = []
    for number, fields in enumerate(found):
        entry: dict[str, int] = {}
        for name, kind in record.inputs:
            if name not in fields:
                return _refused(file, record, f"entry {number}: there is no `{name}`")
            value = value_of(kind, _text(fields[name]))
            if isinstance(value, Diagnostic):
                return _refused(file, record, f"entry {number}: `{name}`: {value.message}")
            entry[name] = value
        foreign = next((name for name in fields if name not in entry), None)
        if foreign is not None:
            return _refused(file, record, f"entry {number}: `{record.name}` has no field `{foreign}`")
        entries.append(entry)
    return tuple(entries)


def _text(value: object) -> str:
    """Return a value of JSON as it stands on a command line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | str) else ""


def _refused(file: GivenFile, record: p.Record, why: str) -> Diagnostic:
    fields = ", ".join(f'"{name}": ...' for name, _ in record.inputs)
    return Diagnostic(CommandCode.WRONG_VALUE, f"{file.name} {why}", help=f"write [{{{fields}}}, ...]")
