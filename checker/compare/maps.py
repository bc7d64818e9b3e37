"""Two lists of one machine, entry by entry: which entries moved, grew, were split or changed otherwise.

What is in both lists alike is left out. Of the rest, entries that say most of each other are put together first: those
of one range, those that tile another one, those that begin or end at one place, those of one type and size, those that
overlap. An entry is put together once; what is left is gone or new.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import pairwise

from checker.base.values import frozen, mutable
from checker.memmap import PAGE_SIZE, RUNTIME, TYPES, Descriptor

_FREE = {
    TYPES[name]
    for name in (
        *("LoaderCode", "LoaderData", "BootServicesCode", "BootServicesData", "ConventionalMemory"),
        "UnacceptedMemoryType",
    )
}


class Change(StrEnum):
    """Ways in which entries of two lists differ."""

    MOVED = "moved"
    GREW = "grew"
    SHRANK = "shrank"
    SPLIT = "split"
    MERGED = "merged"
    RETYPED = "type"
    ATTRIBUTES = "attributes"
    ADDRESS = "virtual address"
    GONE = "gone"
    NEW = "new"


@frozen
class Changed:
    """Entries of the first list, and those of the second one that stand for them; ``how`` they differ."""

    how: tuple[Change, ...]
    before: tuple[Descriptor, ...]
    after: tuple[Descriptor, ...]

    @property
    def is_lasting(self) -> bool:
        """Tell whether this is about memory that outlives boot services."""
        return any(is_lasting(each) for each in (*self.before, *self.after))

    @property
    def start(self) -> int:
        """The lowest address that it is about."""
        return min(each.phys_addr for each in (*self.before, *self.after))


@frozen
class MapChanges:
    """The differences of two lists, lowest first; ``same`` counts the entries that both have, and ``in_order`` says
    that these stand in one order."""

    changes: tuple[Changed, ...]
    same: int
    in_order: bool

    @property
    def equal(self) -> bool:
        """Tell whether both are one list."""
        return not self.changes and self.in_order


def is_lasting(entry: Descriptor) -> bool:
    """Tell whether memory is not the kernel's to use once boot services have ended (UEFI 2.10, table 7.6)."""
    return bool(entry.attribute & RUNTIME) or entry.type not in _FREE


def end_of(entry: Descriptor) -> int:
    """The physical address at which an entry ends, exclusive."""
    return entry.phys_addr + entry.num_pages * PAGE_SIZE


def map_changes(first: Sequence[Descriptor], second: Sequence[Descriptor], *, addressed: bool) -> MapChanges:
    """Return how the second list differs from the first; with ``addressed``, virtual addresses count."""
    if not addressed:
        first, second = ([replace(each, virt_addr=0) for each in entries] for entries in (first, second))
    common = Counter(first) & Counter(second)
    before, after = _Rest.of(first, common), _Rest.of(second, common)
    found = [
        *_alike(before, after, lambda each: (each.phys_addr, each.num_pages)),
        *_tiled(before, after),
        *(Changed(_parts(each.how), each.after, each.before) for each in _tiled(after, before)),
        *_alike(before, after, lambda each: (each.type, each.phys_addr)),
        *_alike(before, after, lambda each: (each.type, end_of(each))),
        *_moved(before, after),
        *_overlapping(before, after),
        *(Changed((Change.GONE,), (each,), ()) for each in before.entries),
        *(Changed((Change.NEW,), (), (each,)) for each in after.entries),
    ]
    shared = [[each for each in entries if each in common] for entries in (first, second)]
    found.sort(key=lambda each: each.start)
    return MapChanges(tuple(found), common.total(), shared[0] == shared[1])


@mutable
class _Rest:
    """The entries of a list that are not put together with any yet, by their addresses."""

    entries: list[Descriptor]

    @staticmethod
    def of(entries: Iterable[Descriptor], common: Counter[Descriptor]) -> _Rest:
        """The entries that are not among the common ones, as often as they are."""
        left = Counter(common)
        rest = []
        for each in entries:
            if left[each]:
                left[each] -= 1
            else:
                rest.append(each)
        return _Rest(sorted(rest, key=lambda each: (each.phys_addr, each.num_pages)))

    def remove(self, taken: Iterable[Descriptor]) -> None:
        """Leave out entries that were put together."""
        gone = {id(each) for each in taken}
        self.entries = [each for each in self.entries if id(each) not in gone]


def _pairs(before: _Rest, after: _Rest, pairs: Sequence[tuple[Descriptor, Descriptor]]) -> Iterator[Changed]:
    """Take pairs out of both lists, and say how they differ."""
    before.remove(one for one, _ in pairs)
    after.remove(other for _, other in pairs)
    return (Changed(tuple(_how(one, other)), (one,), (other,)) for one, other in pairs)


def _alike(before: _Rest, after: _Rest, key: Callable[[Descriptor], Hashable]) -> Iterator[Changed]:
    """Pair entries of one key."""
    waiting: defaultdict[Hashable, list[Descriptor]] = defaultdict(list)
    for each in reversed(after.entries):
        waiting[key(each)].append(each)
    pairs = [(each, waiting[key(each)].pop()) for each in before.entries if waiting[key(each)]]
    return _pairs(before, after, pairs)


def _moved(before: _Rest, after: _Rest) -> Iterator[Changed]:
    """Pair entries of one type and size, each with the nearest one."""
    by_size: defaultdict[Hashable, list[Descriptor]] = defaultdict(list)
    for each in after.entries:
        by_size[each.type, each.num_pages].append(each)
    pairs = []
    for one in before.entries:
        near = by_size[one.type, one.num_pages]
        if near:
            place = bisect_left(near, one.phys_addr, key=lambda each: each.phys_addr)
            around = [number for number in (place - 1, place) if 0 <= number < len(near)]
            best = min(around, key=lambda number: abs(near[number].phys_addr - one.phys_addr))
            pairs.append((one, near.pop(best)))
    return _pairs(before, after, pairs)


def _overlapping(before: _Rest, after: _Rest) -> Iterator[Changed]:
    """Pair entries of one type that have memory in common."""
    pairs = []
    place = 0
    for one in before.entries:
        while place < len(after.entries) and end_of(after.entries[place]) <= one.phys_addr:
            place += 1
        for number in range(place, len(after.entries)):
            other = after.entries[number]
            if other.phys_addr >= end_of(one):
                break
            if other.type == one.type:
                pairs.append((one, other))
                place = number + 1
                break
    return _pairs(before, after, pairs)


def _tiled(before: _Rest, after: _Rest) -> list[Changed]:
    """Find entries that were split: others of their type, or of runtime services as they are, tile them."""
    starts = {each.phys_addr: each for each in after.entries if each.num_pages}
    found = []
    for one in before.entries:
        pieces: list[Descriptor] = []
        reached = one.phys_addr
        while reached < end_of(one) and (piece := starts.get(reached)) is not None and _akin(one, piece):
            pieces.append(piece)
            reached = end_of(piece)
        if reached == end_of(one) and len(pieces) > 1:
            how = [Change.SPLIT, *(each for each in _KINDS if any(each in _how(one, piece) for piece in pieces))]
            found.append(Changed(tuple(how), (one,), tuple(pieces)))
            for piece in pieces:
                del starts[piece.phys_addr]
    before.remove(each for change in found for each in change.before)
    after.remove(each for change in found for each in change.after)
    return found


_KINDS = (Change.RETYPED, Change.ATTRIBUTES)


def _akin(one: Descriptor, piece: Descriptor) -> bool:
    return one.type == piece.type or bool(one.attribute & piece.attribute & RUNTIME)


def _parts(how: tuple[Change, ...]) -> tuple[Change, ...]:
    """The same seen from the other side: the whole is what the parts have become."""
    return tuple(Change.MERGED if each is Change.SPLIT else each for each in how)


def _how(one: Descriptor, other: Descriptor) -> Iterator[Change]:
    if one.phys_addr != other.phys_addr and end_of(one) != end_of(other):
        yield Change.MOVED
    if one.num_pages != other.num_pages:
        yield Change.GREW if one.num_pages < other.num_pages else Change.SHRANK
    if one.type != other.type:
        yield Change.RETYPED
    if one.attribute != other.attribute:
        yield Change.ATTRIBUTES
    if one.virt_addr != other.virt_addr:
        yield Change.ADDRESS


@frozen
class Strip:
    """Physical memory from ``start`` to ``end`` that one entry of each map holds, or none."""

    start: int
    end: int
    before: Descriptor | None
    after: Descriptor | None


def strips(first: Iterable[Descriptor], second: Iterable[Descriptor]) -> Iterator[Strip]:
    """Cut memory where an entry of either map begins or ends, lowest first; where entries of one map overlap, the one
    that begins first counts."""
    sides = _disjoint(first), _disjoint(second)
    cuts = sorted({cut for side in sides for start, end, _ in side for cut in (start, end)})
    places = [0, 0]
    for start, end in pairwise(cuts):
        held: list[Descriptor | None] = []
        for number, side in enumerate(sides):
            while places[number] < len(side) and side[places[number]][1] <= start:
                places[number] += 1
            inside = places[number] < len(side) and side[places[number]][0] <= start
            held.append(side[places[number]][2] if inside else None)
        if held != [None, None]:
            yield Strip(start, end, held[0], held[1])


def _disjoint(entries: Iterable[Descriptor]) -> list[tuple[int, int, Descriptor]]:
    owned: list[tuple[int, int, Descriptor]] = []
    reached = 0
    for each in sorted(entries, key=lambda entry: entry.phys_addr):
        start, end = max(each.phys_addr, reached), end_of(each)
        if end > start:
            owned.append((start, end, each))
            reached = end
    return owned
