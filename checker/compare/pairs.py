"""Two inputs compared: the lists of firmware that they hold, and those that kernels made."""

from __future__ import annotations

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic
from checker.base.values import frozen
from checker.compare.effects import Compared, effects
from checker.compare.lists import Lists, read_lists
from checker.compare.maps import MapChanges, map_changes
from checker.memmap import AS_FOUND, Limits, MemoryMap, Origin, Reading
from checker.memmap.limits import beyond
from checker.memmap.remedies import remedy

_E820 = "e820"
"""The name of the format in which the kernel prints the table that it was handed."""


@frozen
class MapPair:
    """Two lists of one kind, how they differ, and what that breaks. ``is_addressed`` says that both have virtual
    addresses."""

    first: MemoryMap
    second: MemoryMap
    is_addressed: bool
    changes: MapChanges
    effects: tuple[Diagnostic, ...]


@frozen
class Pairs:
    """The lists that both inputs have, compared, and what there is to say of the inputs."""

    pairs: tuple[MapPair, ...]
    remarks: tuple[Diagnostic, ...]

    @property
    def equal(self) -> bool:
        """Tell whether no lists differ."""
        return all(pair.changes.equal for pair in self.pairs)


def read_pairs(
    first: str, second: str, limits: Limits, stdin: bytes = b"", reading: Reading = AS_FOUND
) -> Pairs | Diagnostic:
    """Compare what two inputs hold, each read as ``reading`` says; `-` is ``stdin``."""
    sides: list[Lists] = []
    for path in (first, second):
        read = read_lists([path], limits, stdin, reading)
        if isinstance(read, Diagnostic):
            return read
        sides.append(read)
    one, other = sides
    found = []
    for before, after in zip(_lists(one), _lists(other), strict=True):
        if before is not None and after is not None and _are_of_one_kind(before, after):
            if max(len(before.descriptors), len(after.descriptors)) > limits.compared:
                return beyond(limits, "compared", f"{first} and {second}")
            found.append(_pair(before, after))
    if not found:
        message = f"{first} and {second} hold no two lists of one kind: {_kind(one)} in the first, {_kind(other)} in"
        code = MapCode.KINDS_DIFFER
        return Diagnostic(code, f"{message} the second", help=remedy(code))
    return Pairs(tuple(found), (*one.remarks, *other.remarks))


def _lists(side: Lists) -> tuple[MemoryMap | None, ...]:
    return side.firmware, side.made, side.derived


def _are_of_one_kind(before: MemoryMap, after: MemoryMap) -> bool:
    """Tell whether what differs says something: lists that are no maps differ from format to format."""
    return not before.origin.is_derived or before.format == after.format


def _kind(side: Lists) -> str:
    if side.firmware is not None:
        return "a firmware's map"
    return "what a kernel made" if side.made is not None else f"{side.derived.format if side.derived else 'nothing'}"


def _pair(before: MemoryMap, after: MemoryMap) -> MapPair:
    addressed = all(_has_addresses(each) for each in (before, after))
    changes = map_changes(before.descriptors, after.descriptors, addressed=addressed)
    tells_all = before.origin is Origin.FIRMWARE or before.format.value == _E820
    compared = Compared(before.descriptors, after.descriptors, changes, addressed, tells_all)
    return MapPair(before, after, addressed, changes, effects(compared))


def _has_addresses(listed: MemoryMap) -> bool:
    return any(each.virt_addr for each in listed.descriptors)
