"""An algorithm on a real memory map: the library behind ``run``."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from checker import program as p
from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.base.limits import passed
from checker.interpret import Layout, OutOfStepsError, Wrapped, run
from checker.memmap import Descriptor, Limits
from checker.program.types import Boolean, Enumeration, Flags, Type, width

LIMITS = Limits()

_UNITS = {"K": 10, "M": 20, "G": 30, "T": 40}


def lay_out(
    algorithm: p.Algorithm, descriptors: Sequence[Descriptor], settings: Mapping[str, str], limits: Limits = LIMITS
) -> Layout | Diagnostic:
    """The layout that ``algorithm`` makes of a real map; ``settings`` are its scalar parameters, as text."""
    regions = []
    for index, descriptor in enumerate(descriptors):
        region = _region(algorithm.record, descriptor, index)
        if isinstance(region, Diagnostic):
            return region
        regions.append(region)
    arguments = _arguments(algorithm, settings)
    if isinstance(arguments, Diagnostic):
        return arguments
    try:
        layout = run(algorithm, regions, arguments, steps=limits.steps)
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
    return Diagnostic(
        CommandCode.WRAPPED,
        message + (f" ({times} times)" if times > 1 else ""),
        wrapped.span,
        severity=Severity.WARNING,
    )


def _region(record: p.Record, descriptor: Descriptor, index: int) -> dict[str, int] | Diagnostic:
    """The fields of a record, by name; the address that the algorithm gives is 0 before it does."""
    known = dataclasses.asdict(descriptor)
    region = {}
    for name, kind in record.inputs:
        if name == record.placement:
            region[name] = 0
        elif name not in known:
            message = f"a memory map has no `{name}`, which `{record.name}` has as a field"
            return Diagnostic(
                CommandCode.FOREIGN_FIELD, message, help=f"the fields of a real map are {', '.join(known)}"
            )
        elif known[name] >> width(kind):
            message = f"region {index}: `{name}` is {known[name]:#x}, which does not fit {width(kind)} bits"
            return Diagnostic(CommandCode.DOES_NOT_FIT, message, help=f"make `{name}` of `{record.name}` wider")
        else:
            region[name] = known[name]
    return region


def _arguments(algorithm: p.Algorithm, settings: Mapping[str, str]) -> dict[str, int] | Diagnostic:
    kinds = {name: kind for name, kind, _ in algorithm.parameters}
    values: dict[str, int] = {}
    for name, text in settings.items():
        if name not in kinds:
            listing = f"it has {', '.join(kinds)}" if kinds else "it has none beside the map"
            message = f"`{algorithm.name}` has no parameter `{name}`"
            return Diagnostic(CommandCode.WRONG_VALUE, message, help=listing)
        value = _value(kinds[name], text)
        if isinstance(value, Diagnostic):
            return value
        values[name] = value
    missing = [name for name, _, default in algorithm.parameters if default is None and name not in values]
    if missing:
        message = f"`{algorithm.name}` needs a value for {' and '.join(f'`{name}`' for name in missing)}"
        return Diagnostic(CommandCode.MISSING_VALUE, message, help=" ".join(f"--set {name}=VALUE" for name in missing))
    return values


def _value(kind: Type, text: str) -> int | Diagnostic:
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
