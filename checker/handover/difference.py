"""Compares two maps: entry by entry, and page by page.

Entries are the same if type, physical address, page count and virtual address are. What the firmware cares about is
less than that: that each page of a region keeps its virtual address, however the entries are divided.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from checker.base.values import frozen
from checker.memmap.descriptor import PAGE_SIZE, Descriptor

_MAX_STRETCHES = 4096

Key = tuple[int, int, int, int]


class Stretch(NamedTuple):
    """Physical memory of an entry of one map, and where the other map has it (``None``: nowhere)."""

    region: Descriptor
    start: int
    end: int
    found: int | None

    @property
    def expected(self) -> int:
        """The virtual address of its first byte in the map that the entry is from."""
        return self.region.virt_addr + self.start - self.region.phys_addr


@frozen
class Difference:
    """How a second map differs from a first.

    ``gone`` and ``new`` are entries, ``missing``, ``moved`` and ``extra`` memory. ``attributes`` are entries that are
    the same but for their attributes, before and after.
    """

    gone: tuple[Descriptor, ...]
    new: tuple[Descriptor, ...]
    same_order: bool
    common_in_order: bool
    attributes: tuple[tuple[Descriptor, Descriptor], ...]
    missing: tuple[Stretch, ...]
    moved: tuple[Stretch, ...]
    extra: tuple[Stretch, ...]

    @property
    def same_layout(self) -> bool:
        """Tell whether both maps have the same entries, in whatever order."""
        return not self.gone and not self.new


def key_of(region: Descriptor, *, addressed: bool = True) -> Key:
    """What makes an entry the same: all but its attributes, and the virtual address only where it is known."""
    return region.type, region.phys_addr, region.num_pages, region.virt_addr if addressed else 0


def compare(first: Sequence[Descriptor], second: Sequence[Descriptor], *, addressed: bool = True) -> Difference:
    """The difference; ``addressed`` is false where one of the maps does not name virtual addresses.

    Neither map may have many entries.
    """
    before = [key_of(region, addressed=addressed) for region in first]
    after = [key_of(region, addressed=addressed) for region in second]
    gone = _without(first, before, after)
    new = _without(second, after, before)
    common = set(before) & set(after)
    missing, moved = _strays(gone, second, addressed=addressed)
    extra, _ = _strays(new, first, addressed=False)
    return Difference(
        gone,
        new,
        before == after,
        [key for key in before if key in common] == [key for key in after if key in common],
        tuple(_changed(zip(before, first, strict=True), zip(after, second, strict=True))),
        missing,
        moved,
        extra,
    )


def collisions(regions: Iterable[Descriptor]) -> tuple[tuple[Descriptor, Descriptor], ...]:
    """Pairs of entries with different physical memory at the same virtual address; at least one if there is any.

    Entries without pages, and those without an address (virtually at 0, physically elsewhere), claim none.
    """
    claims = [each for each in regions if each.num_pages and (each.virt_addr or not each.phys_addr)]
    claims.sort(key=lambda each: (each.virt_addr, each.phys_addr))
    pairs = []
    furthest: Descriptor | None = None
    for region in claims:
        if furthest is not None and region.virt_addr < _virtual_end(furthest) and _shift(region) != _shift(furthest):
            pairs.append((furthest, region))
        if furthest is None or _virtual_end(region) > _virtual_end(furthest):
            furthest = region
    return tuple(pairs)


def translate(regions: Iterable[Descriptor], address: int) -> int | None:
    """The virtual address of a physical one: by the first entry that covers it, as the firmware does."""
    for region in regions:
        if region.phys_addr <= address < _end(region):
            return address + _shift(region)
    return None


def _without(regions: Sequence[Descriptor], keys: Sequence[Key], others: Sequence[Key]) -> tuple[Descriptor, ...]:
    """The entries whose key is not among the others (as often as it is here)."""
    left = Counter(others)
    found = []
    for region, key in zip(regions, keys, strict=True):
        if left[key] > 0:
            left[key] -= 1
        else:
            found.append(region)
    return tuple(found)


def _changed(
    before: Iterable[tuple[Key, Descriptor]], after: Iterable[tuple[Key, Descriptor]]
) -> Iterator[tuple[Descriptor, Descriptor]]:
    waiting: defaultdict[Key, list[Descriptor]] = defaultdict(list)
    for key, region in after:
        waiting[key].append(region)
    for queue in waiting.values():
        queue.reverse()
    for key, region in before:
        if waiting[key]:
            other = waiting[key].pop()
            if other.attribute != region.attribute:
                yield region, other


def _strays(
    regions: Iterable[Descriptor], others: Iterable[Descriptor], *, addressed: bool
) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
    """The memory of ``regions`` that ``others`` do not have, and that they have at another virtual address."""
    right: defaultdict[int, list[Descriptor]] = defaultdict(list)
    for other in sorted(others, key=lambda each: each.phys_addr):
        right[_shift(other) if addressed else 0].append(other)
    here = {shift: _disjoint(group) for shift, group in right.items()}
    anywhere = _disjoint(sorted((each for group in right.values() for each in group), key=lambda each: each.phys_addr))
    stretches = (
        Stretch(region, start, end, None if owner is None else owner.virt_addr + start - owner.phys_addr)
        for region in regions
        for gap, gap_end, kept in _cut(here.get(_shift(region) if addressed else 0, []), region.phys_addr, _end(region))
        if kept is None
        for start, end, owner in _cut(anywhere, gap, gap_end)
    )
    found = tuple(islice(stretches, _MAX_STRETCHES))
    return tuple(each for each in found if each.found is None), tuple(each for each in found if each.found is not None)


_Owned = tuple[int, int, Descriptor]


def _disjoint(regions: Iterable[Descriptor]) -> list[_Owned]:
    """The physical memory of entries that are sorted by it, each piece with the entry that begins first."""
    owned: list[_Owned] = []
    reached = 0
    for region in regions:
        start, end = max(region.phys_addr, reached), _end(region)
        if end > start:
            owned.append((start, end, region))
            reached = end
    return owned


def _cut(owned: Sequence[_Owned], start: int, end: int) -> Iterator[tuple[int, int, Descriptor | None]]:
    """The stretch from ``start`` to ``end`` cut into what has an owner and what has none."""
    index = max(0, bisect_right(owned, start, key=lambda each: each[0]) - 1)
    while start < end:
        while index < len(owned) and owned[index][1] <= start:
            index += 1
        if index == len(owned) or owned[index][0] >= end:
            yield start, end, None
            return
        begin, stop, owner = owned[index]
        if begin > start:
            yield start, begin, None
        yield max(start, begin), min(end, stop), owner
        start = stop


def _shift(region: Descriptor) -> int:
    return region.virt_addr - region.phys_addr


def _end(region: Descriptor) -> int:
    return region.phys_addr + region.num_pages * PAGE_SIZE


def _virtual_end(region: Descriptor) -> int:
    return region.virt_addr + region.num_pages * PAGE_SIZE
