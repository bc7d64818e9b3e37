"""The algorithms that explain a captured layout: each lays the firmware's map out, and what comes out is compared with
what the kernel made, byte of memory by byte, however the entries are divided.

Kernels free boot-services regions when they are up, and list them no more (efi_free_boot_services(), unless they run
with efi=debug): that such a region without RUNTIME is not in the capture is no difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from functools import cache

from checker import library
from checker import program as p
from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.base.values import frozen
from checker.compare.boot import Boot
from checker.handover.difference import Stretch, compare
from checker.interpret import Layout
from checker.language import Limits as LayoutLimits
from checker.layouts.fit import fits, leaves_open
from checker.layouts.lay_out import lay_out
from checker.library import Chosen
from checker.memmap import RUNTIME, TYPES, Descriptor, Limits
from checker.memmap.limits import beyond
from checker.program.types import VA
from checker.program.walk import fields_read, writes

_FIELDS = {each.name for each in fields(Descriptor)}
_FRAMES = tuple(1 << bits for bits in range(12, 22))
_TELLING = 2
"""Regions that it takes to tell a base from the addresses of a capture."""

_BOOT_SERVICES = (TYPES["BootServicesCode"], TYPES["BootServicesData"])


@frozen
class Mismatch:
    """Memory from ``start`` to ``end`` that an algorithm puts elsewhere than the kernel did: at ``predicted`` and at
    ``captured``, None for nowhere. ``type`` is that of the region that it is in."""

    type: int
    start: int
    end: int
    predicted: int | None
    captured: int | None


@frozen
class Attempt:
    """An algorithm, and how its layout differs from the captured one. ``in_order`` says that what both list stands in
    one order, ``freed`` counts the regions that the kernel has freed since, and ``suits`` says that the algorithm is
    for such a machine, by the signs that the capture bears. ``base`` is the parameter with the first address, and its
    value, where that was taken from the capture."""

    chosen: Chosen
    mismatches: tuple[Mismatch, ...]
    in_order: bool
    freed: int
    suits: bool
    base: tuple[str, int] | None = None

    @property
    def exact(self) -> bool:
        """Tell whether the algorithm explains the capture."""
        return not self.mismatches


@frozen
class Identification:
    """One capture of many, in short: how many regions have an address, and how many the firmware lists; the names of
    the algorithms that explain it, best first; and the one that comes nearest if none does, with its differences."""

    source: str
    placed: int
    listed: int
    explained_by: tuple[str, ...]
    nearest: str = ""
    differences: int = 0


def in_short(boot: Boot, attempts: Sequence[Attempt]) -> Identification:
    """Say in short what was found of a boot."""
    exact = tuple(each.chosen.name for each in attempts if each.exact)
    best = attempts[0] if attempts and not exact else None
    return Identification(
        boot.source,
        len(boot.placed),
        len(boot.firmware.descriptors),
        exact,
        "" if best is None else best.chosen.name,
        0 if best is None else len(best.mismatches),
    )


def identify(
    boot: Boot, algorithms: Sequence[Chosen], settings: Mapping[str, str], limits: Limits
) -> tuple[Attempt, ...] | Diagnostic:
    """Lay a boot's map out by each of the algorithms, and sort them by how well they explain it, best first; those that
    do so equally well stay as they were."""
    if max(len(boot.firmware.descriptors), len(boot.placed)) > limits.compared:
        return beyond(limits, "compared", boot.source)
    known = {name for chosen in algorithms for name, _, _ in chosen.algorithm.parameters}
    for name in settings.keys() - known:
        message = f"no algorithm that is tried has a parameter `{name}`"
        return Diagnostic(CommandCode.WRONG_VALUE, message, help=f"there is {', '.join(sorted(known)) or 'none'}")
    found = []
    for chosen in algorithms:
        own = {name: settings[name] for name, _, _ in chosen.algorithm.parameters if name in settings}
        layout = lay_out(chosen.algorithm, boot.firmware.descriptors, own, limits, around=boot.firmware.told)
        if isinstance(layout, Diagnostic):
            return layout
        suits = fits(chosen.algorithm, boot.firmware.signs)
        found.append(_attempt(chosen, layout, boot.placed, suits=suits))
    if not any(each.exact for each in found):
        more = _from_other_bases(boot, algorithms, settings, limits)
        found = [*more, *(each for each in found if each.chosen not in [moved.chosen for moved in more])]
    return tuple(sorted(found, key=_rank))


def _from_other_bases(
    boot: Boot, algorithms: Sequence[Chosen], settings: Mapping[str, str], limits: Limits
) -> list[Attempt]:
    """The algorithms that explain a boot from a first address that the capture tells: kernels may draw it at random.

    One region has an address from some base by any of them, so that there must be two. The base is the lowest address
    of the capture, or is below it by the offset into a page, or a frame of up to 2 MiB, that the region has there.
    """
    if len(boot.placed) < _TELLING:
        return []
    lowest = min(each.virt_addr for each in boot.placed)
    bases = dict.fromkeys(lowest - lowest % frame for frame in _FRAMES)
    found = []
    for chosen in (*algorithms, *(each for each in _movable() if each not in algorithms)):
        name = _base_of(chosen.algorithm)
        own = {each: settings[each] for each, _, _ in chosen.algorithm.parameters if each in settings}
        for base in bases if name is not None and name not in own else ():
            values = {**own, str(name): hex(base)}
            layout = lay_out(chosen.algorithm, boot.firmware.descriptors, values, limits, around=boot.firmware.told)
            if isinstance(layout, Diagnostic):
                break
            made = _attempt(chosen, layout, boot.placed, suits=fits(chosen.algorithm, boot.firmware.signs))
            if made.exact:
                found.append(replace(made, base=(str(name), base)))
                break
    return found


def _base_of(algorithm: p.Algorithm) -> str | None:
    """The one parameter that is a virtual address, if all others have a value without being given one."""
    bases = [(name, kind) for name, kind, _ in algorithm.parameters if kind == VA]
    others = [default for _, kind, default in algorithm.parameters if kind != VA]
    return bases[0][0] if len(bases) == 1 and None not in others else None


def undecided(boot: Boot, attempts: Sequence[Attempt]) -> Diagnostic | None:
    """A note that a shipped model is for such a machine and leaves addresses open, if no algorithm explains the boot:
    then none can."""
    if any(each.exact for each in attempts):
        return None
    signs = boot.firmware.signs
    models = [
        each.name
        for each in library.shipped_algorithms()
        if leaves_open(each.algorithm) and fits(each.algorithm, signs)
    ]
    if not models or signs.architecture is None:
        return None
    message = (
        f"{' and '.join(models)} is for this boot, and leaves addresses open: the map alone does not decide on them"
    )
    return Diagnostic(CommandCode.NO_MODEL_FITS, message, signs.architecture.place, severity=Severity.NOTE)


def tried(words: Sequence[str], limits: LayoutLimits = library.LIMITS) -> tuple[Chosen, ...] | Diagnostic:
    """The algorithms that are named, and those of shipped models beside them."""
    named: list[Chosen] = []
    for word in words:
        found = library.find_algorithm(word, limits)
        if isinstance(found, Diagnostic):
            return found
        named.append(found)
    own = shipped()
    if isinstance(own, Diagnostic):
        return own
    return (*named, *(each for each in own if each.name not in {chosen.name for chosen in named}))


@cache
def _movable() -> tuple[Chosen, ...]:
    """The algorithms that shipped models stand for which would say alone where regions go, were it not for a base."""
    found = (_algorithm(each) for each in library.shipped_programs(library.LIMITS).values())
    return tuple(
        each
        for each in found
        if isinstance(each, Chosen) and _base_of(each.algorithm) is not None and _predicts(each.algorithm, moved=True)
    )


@cache
def shipped() -> tuple[Chosen, ...] | Diagnostic:
    """The algorithms that shipped models stand for, if they say alone where a map's regions go: they are given nothing
    else, choose nothing, place regions, and do not look at addresses that these already have. They are read once."""
    found: list[Chosen] = []
    # What was only proposed lies in a folder of its own: of algorithms that explain a boot alike, kernels come first.
    known, programs = library.models(), library.shipped_programs(library.LIMITS)
    for name in sorted(programs, key=lambda name: len(known[name].parts)):
        chosen = _algorithm(programs[name])
        if isinstance(chosen, Chosen) and _predicts(chosen.algorithm):
            found.append(chosen)
        elif isinstance(chosen, Diagnostic) and chosen.code != CommandCode.UNKNOWN_ALGORITHM:
            return chosen
    return tuple(found)


def _algorithm(opened: library.Program | Diagnostic) -> Chosen | Diagnostic:
    """The algorithm that the file of a shipped model stands for."""
    return opened if isinstance(opened, Diagnostic) else library.algorithm_of(opened)


def _predicts(algorithm: p.Algorithm, *, moved: bool = False) -> bool:
    record = algorithm.record
    return (
        (moved or all(default is not None for _, _, default in algorithm.parameters))
        and {name for name, _ in record.inputs} <= _FIELDS
        and record.placement in writes(algorithm.body)
        and record.placement not in fields_read(algorithm.body)
        and not leaves_open(algorithm)
    )


def _attempt(chosen: Chosen, layout: Layout, captured: Sequence[Descriptor], *, suits: bool) -> Attempt:
    predicted = tuple(_descriptors(chosen.algorithm.record, layout))
    difference = compare(predicted, captured)
    freed = [each for each in difference.missing if _is_freed(each.region)]
    place = {id(region): number for number, region in enumerate(predicted)}
    lost = (each for each in difference.missing if not _is_freed(each.region))
    elsewhere = sorted((*lost, *difference.moved), key=lambda each: (place[id(each.region)], each.start))
    mismatches = (
        *(_mismatch(each, each.expected, each.found) for each in elsewhere),
        *(_mismatch(each, None, each.expected) for each in difference.extra),
    )
    return Attempt(chosen, mismatches, difference.common_in_order, len({each.region for each in freed}), suits)


def _mismatch(stretch: Stretch, predicted: int | None, captured: int | None) -> Mismatch:
    return Mismatch(stretch.region.type, stretch.start, stretch.end, predicted, captured)


def _is_freed(region: Descriptor) -> bool:
    return region.type in _BOOT_SERVICES and not region.attribute & RUNTIME


def _descriptors(record: p.Record, layout: Layout) -> Iterator[Descriptor]:
    """The regions that have an address, in the order in which they are exported."""
    for index in layout.exported:
        region = layout.regions[index]
        if region[p.PLACED] and record.placement is not None:
            known = {name: region.get(name, 0) for name in ("type", "phys_addr", "num_pages", "attribute")}
            yield Descriptor(**known, virt_addr=region[record.placement])


def _rank(attempt: Attempt) -> tuple[int, bool, bool, int]:
    """The place among others: few differences come first; of as many, those in order, for such a machine, and with few
    excuses."""
    return len(attempt.mismatches), not attempt.in_order, not attempt.suits, attempt.freed
