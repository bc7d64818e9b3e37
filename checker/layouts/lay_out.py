"""An algorithm on a real memory map: the library behind ``run``."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from checker import program as p
from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.base.limits import passed
from checker.interpret import Chooser, Layout, OutOfStepsError, Values, Wrapped, lowest, run
from checker.memmap import NO_SURROUNDINGS, PAGE_SIZE, Descriptor, Limits, Surroundings
from checker.memmap.reservations import TAKEN_FROM, TAKEN_TO
from checker.program.lower import too_many_rounds
from checker.program.types import Boolean, Enumeration, Flags, Type, width
from checker.program.walk import fields_read

LIMITS = Limits()

_FIELDS = tuple(each.name for each in dataclasses.fields(Descriptor))

_LIES_IN = (TAKEN_FROM, TAKEN_TO)
"""The fields of a region that no map holds, and a log tells of: the stretch of it in which something lies."""

_ADDRESS_BITS = 64

_UNITS = {"K": 10, "M": 20, "G": 30, "T": 40}


def lay_out(
    algorithm: p.Algorithm,
    descriptors: Sequence[Descriptor],
    settings: Mapping[str, str],
    limits: Limits = LIMITS,
    choose: Chooser = lowest,
    beside: Mapping[str, Sequence[Values]] | None = None,
    around: Surroundings = NO_SURROUNDINGS,
) -> Layout | Diagnostic:
    """The layout that ``algorithm`` makes of a real map; ``settings`` are its scalar parameters, as text; ``beside``
    its lists beside the map. If it looks at the addresses that regions have, it finds those of the map. What the boot
    tells ``around`` the map are parameters too, tables that pages are reserved for and switches, unless ``settings``
    say otherwise."""
    told = algorithm.record.placement in fields_read(algorithm.body)
    regions = regions_of(algorithm.record, descriptors, told=told, around=around)
    if isinstance(regions, Diagnostic):
        return regions
    arguments = _arguments(algorithm, settings, around)
    if isinstance(arguments, Diagnostic):
        return arguments
    lacking = [name for name, _ in algorithm.beside if name not in (beside or {})]
    if lacking:
        message = f"`{algorithm.name}` needs the list {' and '.join(f'`{name}`' for name in lacking)}"
        remedy = " ".join(f"--given {name}=FILE" for name in lacking)
        return Diagnostic(CommandCode.MISSING_VALUE, message, help=remedy)
    try:
        layout = run(algorithm, regions, arguments, choose, steps=limits.steps, beside=beside)
    except OutOfStepsError:
        message, remedy = passed(limits, "steps")
        return Diagnostic(CommandCode.TOO_MUCH, message, help=remedy)
    if not layout.possible:
        message = f"`{algorithm.name}` has nothing to choose from on this map"
        return Diagnostic(CommandCode.DOES_NOT_FIT, message, help="widen the bounds of its `choose`")
    return layout


def wrap_warnings(layout: Layout) -> tuple[Diagnostic, ...]:
    """Warnings of arithmetic that was meant to be exact and was not, one for each place in the program."""
    by_place: dict[tuple[str, int, int], list[Wrapped]] = {}
    for each in layout.wrapped:
        by_place.setdefault((each.span.source.name, each.span.start, each.span.end), []).append(each)
    return tuple(_wrap_warning(found[0], len(found)) for found in by_place.values())


def _wrap_warning(wrapped: Wrapped, times: int) -> Diagnostic:
    message = f"`{wrapped.span.short}` is {wrapped.exact:#x} here, which does not fit"
    if too_many_rounds(wrapped.span):
        message = "the condition of `while` still holds here after the last round, and the model goes on as if not"
    return Diagnostic(
        CommandCode.WRAPPED,
        message + (f" ({times} times)" if times > 1 else ""),
        wrapped.span,
        severity=Severity.WARNING,
    )


def regions_of(
    record: p.Record,
    descriptors: Sequence[Descriptor],
    *,
    told: bool = False,
    around: Surroundings = NO_SURROUNDINGS,
) -> list[dict[str, int]] | Diagnostic:
    """The regions as values of a record, field by field. The address that an algorithm gives is 0 before it does,
    unless it is ``told`` those of the map. What lies in a region is told by what is ``around`` the map."""
    own = record.placements[1:] if told else record.placements
    fields = [(name, width(kind)) for name, kind in record.inputs if name not in (*own, *_LIES_IN)]
    foreign = next((name for name, _ in fields if name not in _FIELDS), None)
    if foreign is not None:
        message = f"a memory map has no `{foreign}`, which `{record.name}` has as a field"
        return Diagnostic(CommandCode.FOREIGN_FIELD, message, help=f"the fields of a real map are {', '.join(_FIELDS)}")
    lies_in = [name for name, kind in record.inputs if name in _LIES_IN and width(kind) == _ADDRESS_BITS]
    empty = dict.fromkeys((name for name, _ in record.inputs), 0)
    regions = []
    spans = ((each.type, each.phys_addr, each.phys_addr + each.num_pages * PAGE_SIZE) for each in descriptors)
    taken = around.taken_in_each(spans)
    for index, descriptor in enumerate(descriptors):
        region = empty.copy()
        if lies_in:
            found = next(taken)
            region.update((name, found[name]) for name in lies_in)
        for name, bits in fields:
            value = region[name] = getattr(descriptor, name)
            if value >> bits:
                message = f"region {index}: `{name}` is {value:#x}, which does not fit {bits} bits"
                return Diagnostic(CommandCode.DOES_NOT_FIT, message, help=f"make `{name}` of `{record.name}` wider")
        regions.append(region)
    return regions


def is_complete(algorithm: p.Algorithm) -> bool:
    """Tell whether an algorithm does all to a map that a kernel does: it asks what lies in regions."""
    return any(name in _LIES_IN for name, _ in algorithm.record.inputs)


def told_values(algorithm: p.Algorithm, around: Surroundings) -> dict[str, int]:
    """The values of parameters that a boot tells of beside its map: switches of its command line, and the first and the
    last pages that are reserved for tables."""
    kinds = {name: kind for name, kind, _ in algorithm.parameters}
    values = {name: int(value) for name, value in around.switches.items() if isinstance(kinds.get(name), Boolean)}
    return values | {
        name: value for name, value in around.tables.items() if name in kinds and width(kinds[name]) == _ADDRESS_BITS
    }


def _arguments(
    algorithm: p.Algorithm, settings: Mapping[str, str], around: Surroundings
) -> dict[str, int] | Diagnostic:
    kinds = {name: kind for name, kind, _ in algorithm.parameters}
    values = told_values(algorithm, around)
    for name, text in settings.items():
        if name not in kinds:
            listing = f"it has {', '.join(kinds)}" if kinds else "it has none beside the map"
            message = f"`{algorithm.name}` has no parameter `{name}`"
            return Diagnostic(CommandCode.WRONG_VALUE, message, help=listing)
        value = value_of(kinds[name], text)
        if isinstance(value, Diagnostic):
            return value
        values[name] = value
    missing = [name for name, _, default in algorithm.parameters if default is None and name not in values]
    if missing:
        message = f"`{algorithm.name}` needs a value for {' and '.join(f'`{name}`' for name in missing)}"
        return Diagnostic(CommandCode.MISSING_VALUE, message, help=" ".join(f"--set {name}=VALUE" for name in missing))
    defaults = {name: default.value for name, _, default in algorithm.parameters if default is not None}
    return upside_down(defaults | values) or values


def upside_down(values: Mapping[str, int]) -> Diagnostic | None:
    """The refusal of a window whose first address is not below its end; None if there is none among the values."""
    for name, start in values.items():
        window, _, part = name.rpartition(".")
        end = values.get(f"{window}.end") if part == "start" else None
        if end is not None and start >= end:
            message = f"the window `{window}` is empty: `{window}.start` is {start:#x}, `{window}.end` is {end:#x}"
            return Diagnostic(CommandCode.WRONG_VALUE, message, help=f"set `{window}.start` below `{window}.end`")
    return None


def value_of(kind: Type, text: str) -> int | Diagnostic:
    """A value as it is written on a command line: a number with a unit, a truth value, or names joined by ``|``."""
    if isinstance(kind, Boolean):
        if text in ("true", "false"):
            return int(text == "true")
        return Diagnostic(CommandCode.WRONG_VALUE, f"`{text}` is not a {kind.name}", help="write true or false")
    members = dict(kind.members) if isinstance(kind, Enumeration | Flags) else {}
    value = 0
    for part in text.split("|") if isinstance(kind, Flags) else [text]:
        number = members.get(part, _number(part))
        if number is None or number >> width(kind):
            names = f", or {', '.join(members)}" if members else ""
            remedy = f"write a number of {width(kind)} bits, as in 0x1000 or 2M{names}"
            return Diagnostic(CommandCode.WRONG_VALUE, f"`{text}` is not a {kind.name}", help=remedy)
        value |= number
    return value


def _number(text: str) -> int | None:
    """A number, not negative; None if it is none."""
    digits, shift = (text[:-1], _UNITS[text[-1]]) if text[-1:] in _UNITS else (text, 0)
    if not digits[:1].isdigit() or len(digits) > 80:
        return None
    try:
        return int(digits, 0) << shift
    except ValueError:
        return None
