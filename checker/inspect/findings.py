"""Findings about a map of a machine: how bad each is, which entries it is about, why, and what mends it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checker.base.codes import FindingCode
from checker.base.diagnostic import Diagnostic, Region, Severity
from checker.memmap import Descriptor

FAULTS = (Severity.ERROR, Severity.WARNING)
"""The degrees that make a map faulty, and `mapproof check` end with status 1: an error is what some kernel cannot live
with, a warning what breaks on some machine, kernel or order of entries. A note tells of what is allowed but unusual."""

_WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


def found(
    severity: Severity, code: FindingCode, message: str, regions: Sequence[Descriptor] = (), *, help: str
) -> Diagnostic:
    """One thing that is wrong or at risk."""
    return Diagnostic(code, message, severity=severity, regions=tuple(regions), help=help)


def worst_first(findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings by how bad they are; those alike stay in the order of the checks."""
    return tuple(sorted(findings, key=lambda each: _WORST_FIRST.index(each.severity)))


def is_faulty(findings: Iterable[Diagnostic]) -> bool:
    """Tell whether some finding makes the map faulty."""
    return any(each.severity in FAULTS for each in findings)


def numbers(descriptors: Sequence[Descriptor], regions: Sequence[Region]) -> list[int]:
    """The numbers that the regions of a finding have in the map, rising. Entries that are equal cannot be told apart:
    each takes the next number."""
    wanted = set(map(_key, regions))
    places: dict[tuple[int, ...], list[int]] = {}
    for number, descriptor in enumerate(descriptors):
        if (key := _key(descriptor)) in wanted:
            places.setdefault(key, []).append(number)
    for waiting in places.values():
        waiting.reverse()
    return sorted(places[key].pop() if len(places[key]) > 1 else places[key][0] for key in map(_key, regions))


def _key(region: Region) -> tuple[int, ...]:
    return region.type, region.phys_addr, region.num_pages, region.attribute, region.virt_addr
