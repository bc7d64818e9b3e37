"""The machines that an algorithm is for, held against the signs that a map bears: does the map belong to the algorithm?

Signs are the reader's, targets are the program's own words; what a word is a value of, signs say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from checker import program as p
from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic, LabelledSpan, Severity
from checker.base.values import frozen
from checker.memmap import MemoryMap
from checker.memmap.signs import FIRMWARE_MAP, UNSAID, VALUES, Sign, Signs, likely, possible
from checker.program.walk import statements

Model = tuple[str, p.Algorithm]
"""An algorithm, and the name that a command line has for it."""

_LINUX = "Linux"
"""The system that signs tell the version of."""


@frozen
class Misfit:
    """A sign that is against a target, and what the target wants in its place."""

    sign: Sign
    wanted: str

    def __str__(self) -> str:
        return f"{told(self.sign)}, not {self.wanted}"


def misfits(target: p.Target, signs: Signs) -> list[Misfit]:
    """Return what is against a map of such signs being of a machine that ``target`` names."""
    found = []
    for kind, values in VALUES.items():
        unsaid = UNSAID.get(kind)
        wanted = [each for each in target.traits if each in values] or list(unsaid.values if unsaid else ())
        sign: Sign | None = getattr(signs, kind) or unsaid
        if sign is not None and wanted and not possible(sign, wanted):
            found.append(Misfit(sign, " or ".join(wanted)))
    if signs.kernel is not None and for_linux(target) and not _has_version(target, signs.kernel):
        found.append(Misfit(signs.kernel, target.text.partition(",")[0]))
    return found


def for_linux(target: p.Target) -> bool:
    """Tell whether a target is a kernel, whose version signs tell."""
    return target.system == _LINUX


def _has_version(target: p.Target, kernel: Sign) -> bool:
    """Tell whether a target has one of the versions that a sign leaves possible: from the first to the last, or from
    the first on if it is alone."""
    first, *last = map(p.read_version, kernel.values)
    if target.has_version(first) or target.since is None:
        return True
    return first < target.since and (not last or target.since <= last[0])


def told(sign: Sign) -> str:
    """Say what a sign says."""
    first, *others = dict.fromkeys(sign.values)
    if not first[0].isdigit() or "-bit" in first or "KiB" in first:
        return f"{sign.what} says {' or '.join((first, *others))}"
    if len(sign.values) == 1:
        return f"{sign.what} says {_LINUX} {first} or later"
    return f"{sign.what} says {_LINUX} {first}" + "".join(f" to {each}" for each in others)


def leaves_open(algorithm: p.Algorithm) -> bool:
    """Tell whether an algorithm does not say alone where regions go, since it chooses."""
    return any(statement.effects.chooses for statement in statements(algorithm.body))


def fits(algorithm: p.Algorithm, signs: Signs) -> bool:
    """Tell whether nothing is against a map of such signs belonging to an algorithm that says what it is for."""
    return any(not misfits(target, signs) for target in algorithm.targets)


def fit_warnings(name: str, algorithm: p.Algorithm, signs: Signs, models: Iterable[Model]) -> tuple[Diagnostic, ...]:
    """A warning if the map is of no machine that the algorithm ``name`` says that it is for, with those of the
    ``models`` that do fit."""
    if not algorithm.targets or fits(algorithm, signs):
        return ()
    target = min(algorithm.targets, key=lambda each: len(misfits(each, signs)))
    (first, *others) = misfits(target, signs)
    message = f"this map does not belong to {name}, which is for {target.text}: {first}"
    places = [LabelledSpan(each.sign.place, str(each)) for each in others if each.sign.place is not None]
    notes = [str(each) for each in others if each.sign.place is None]
    warning = Diagnostic(
        CommandCode.FOREIGN_MAP,
        message,
        first.sign.place,
        tuple(notes),
        _remedy_for(signs, _fitting(models, signs)),
        Severity.WARNING,
        tuple(places),
    )
    return (warning,)


_KINDS = {
    "kernel": "the version of the kernel",
    "architecture": "the architecture",
    "firmware": "the width of the firmware",
    "pages": "the size of the kernel's pages",
    "switch": "whether there is efi=novamap",
}
"""The kinds of signs that a map may be lacking, in words. Whose list it is, is seen in it."""
_LOGGED = ("kernel", "architecture")
"""The kinds that the first line of a kernel's log tells."""


def _remedy_for(signs: Signs, models: Sequence[Model], *, log: bool = True) -> str:
    """Say which models a map of such signs belongs to, ``models``, and what is lacking to tell which; or where one that
    belongs to any is found. The whole ``log`` tells more, if the map is from one."""
    if len(models) == 1:
        return f"the model that fits is {models[0][0]}"
    if models:
        lacking = _lacking(signs, models)
        *most, last = [_KINDS[each] for each in lacking] or [""]
        wanted = f"{', '.join(most)} and {last}" if most else last
        say = f"say so, as in `mapproof run --kernel '{_release(signs, lacking, models)}' MAP`"
        if log and set(lacking) & set(_LOGGED):
            say = f"the whole log, with its line `Linux version`, has that; or {say}"
        if len(lacking) == 1:
            wanted += _by_value(lacking[0], signs, models)
        tells = "tells" if len(lacking) == 1 else "tell"
        listed = ", ".join(name for name, _ in models)
        return f"models that may fit are {listed}; {wanted} {tells} which: {say}" if lacking else f"name one: {listed}"
    if signs.list is not None and not possible(signs.list, (FIRMWARE_MAP,)):
        return (
            "the firmware's own map is in the log of the first kernel, if that has `efi=debug`; "
            "what a kernel made of it, with its addresses, is in /sys/firmware/efi/runtime-map"
        )
    return "no shipped model fits: write one, or give the map of a machine that the model is for"


def _lacking(signs: Signs, models: Sequence[Model]) -> tuple[str, ...]:
    """Return the kinds of signs that would leave fewer of some models, whatever else is known."""
    return tuple(kind for kind in _KINDS if len({tuple(left) for _, left in _left_by(kind, signs, models)}) > 1)


def _left_by(kind: str, signs: Signs, models: Sequence[Model]) -> list[tuple[str, list[str]]]:
    """Return each value that a kind of sign may have, as far as the signs leave it open, with the models that it would
    leave, if any."""
    known: Sign | None = getattr(signs, kind) or UNSAID.get(kind)
    if kind == "kernel":
        since = sorted({each.since for _, algorithm in models for each in algorithm.targets if each.since})
        exact = known is not None and len(set(known.values)) == 1
        values = [] if exact else [".".join(map(str, each)) for each in since]
    else:
        values = list(VALUES[kind] if known is None else known.values)
    found = ((each, fitting(models, replace(signs, **{kind: Sign((each, each), "")}))) for each in values)
    return [(value, left) for value, left in found if left]


def _by_value(kind: str, signs: Signs, models: Sequence[Model]) -> str:
    """Say which model each value of a kind of sign would leave."""
    if kind == "kernel":
        return ""
    values: dict[str, list[str]] = {}
    for value, left in _left_by(kind, signs, models):
        values.setdefault(", ".join(left), []).append(value)
    said = (name + " for " + " or ".join(each) for name, each in values.items())
    return f" ({'; '.join(said)})"


def _release(signs: Signs, lacking: Sequence[str], models: Sequence[Model]) -> str:
    """An example of the name of a kernel that says what is lacking, beginning with what signs say."""
    version = signs.kernel.values[0] if signs.kernel is not None else "6.1"
    if signs.kernel is not None and "kernel" in lacking:
        version = _left_by("kernel", signs, models)[-1][0]
    architecture = signs.architecture.values[0] if signs.architecture is not None else "x86_64"
    pages = " 4k" if "pages" in lacking and architecture == "arm64" else ""
    firmware = ", 64-bit firmware" if "firmware" in lacking and architecture == "x86_64" else ""
    return f"{version} {architecture}{pages}{firmware}"


def fitting(models: Iterable[Model], signs: Signs) -> list[str]:
    """Return the names of the models that a map of such signs may belong to."""
    return [name for name, _ in _fitting(models, signs)]


def _fitting(models: Iterable[Model], signs: Signs) -> list[Model]:
    return [(name, algorithm) for name, algorithm in models if fits(algorithm, signs)]


def since(models: Iterable[Model], signs: Signs) -> str:
    """Say from which version of Linux on there are models of machines with such signs, whatever these say of a
    version."""
    machine = replace(signs, kernel=None)
    targets = (each for _, algorithm in models for each in algorithm.targets if for_linux(each))
    first = min((each.since for each in targets if each.since and not misfits(each, machine)), default=None)
    architectures = signs.architecture.values if signs.architecture is not None else ()
    system = f"{_LINUX} on {' or '.join(architectures)}" if architectures else _LINUX
    return f"of {system} there is none" + ("" if first is None else f" before {'.'.join(map(str, first))}")


def choose(models: Sequence[Model], memory_map: MemoryMap) -> tuple[str, Diagnostic] | Diagnostic:
    """Return the name of the one model that a map belongs to, with a note by which signs it was chosen; or why there is
    none."""
    signs = memory_map.signs
    if memory_map.format.kernels and signs.kernel is None:
        signs = replace(signs, kernel=Sign(memory_map.format.kernels, "the form of its rows"))
    said = (signs.kernel, signs.architecture, signs.firmware, signs.pages, signs.list, signs.switch)
    present = [each for each in said if each]
    found, taken = _fitting(models, signs), signs
    if signs.architecture is not None:
        probable = _fitting(models, likely(signs))
        # A model of what is rare is not taken for want of one of what is likely.
        if probable or (len(found) == 1 and "x86_64" in signs.architecture.values):
            found, taken = probable, likely(signs)
    seen = "; ".join(map(told, present))
    place = next((each.place for each in present if each.place is not None), None)
    if len(found) == 1 and present:
        name, _ = found[0]
        return name, Diagnostic(CommandCode.MODEL_CHOSEN, f"{name} is taken: {seen}", place, severity=Severity.NOTE)
    if not found:
        message = f"no shipped model is for this map: {seen}"
    elif present:
        message = f"more than one model may be for this map: {seen}"
    else:
        message = "nothing in this map tells of a kernel"
    remedy = _remedy_for(taken, found, log=memory_map.format.is_linux_log)
    notes = () if found or signs.kernel is None else (since(models, signs),)
    return Diagnostic(CommandCode.NO_MODEL_FITS, message, place, notes, remedy)
