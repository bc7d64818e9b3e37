"""The scale of an address axis: as far as regions go, longer ones are longer; what is free between them is short.

An axis is cut at every start and end of a region and at every landmark. A stretch that a region covers has a least
length, so that it can be seen and named, and grows with the logarithm of its pages: 4 KiB beside 8 GiB are both there.
A stretch that no region covers has one length, however long it is. Everything is in whole numbers: the same regions
give the same scale on every machine.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from checker.base.values import frozen
from checker.memmap import PAGE_SIZE
from checker.report.pictures.picture import Panel, PicturedRegion

FEW = 100
"""Regions of an axis up to which there is room for differences of size; with more, stretches differ less."""

MOST_LANES = 8
"""Regions that are drawn beside each other where they overlap; further ones lie over the last."""


@frozen
class Scale:
    """Addresses to lengths: ``cuts`` are addresses in order, ``places`` where they are; between two of them the scale
    is linear. ``covered`` says of each stretch between two cuts if any region is there."""

    cuts: tuple[int, ...]
    places: tuple[int, ...]
    covered: tuple[bool, ...]

    @property
    def length(self) -> int:
        """The length of the whole axis."""
        return self.places[-1] if self.places else 0

    def at(self, address: int) -> int:
        """Return the place of an address that is on the axis."""
        index = min(bisect_right(self.cuts, address), len(self.cuts) - 1) - 1
        if index < 0:
            return 0
        low, high = self.cuts[index], self.cuts[index + 1]
        place, beyond = self.places[index], self.places[index + 1]
        return place + (beyond - place) * (min(address, high) - low) // (high - low)

    def gaps(self) -> list[tuple[int, int]]:
        """The stretches that no region covers, by their addresses."""
        return [ends for ends, covered in zip(pairwise(self.cuts), self.covered, strict=True) if not covered]


def scale_of(panels: Iterable[Panel], least: int, gap: int) -> Scale:
    """Return the scale for all regions and landmarks of some panels.

    A covered stretch is at least ``least`` long, one that is free is ``gap`` long.
    """
    shown = list(panels)
    regions = [region for panel in shown for region in panel.regions]
    cuts = {address for region in regions for address in (region.start, seen_end(region))}
    cuts |= {address for panel in shown for address, _ in panel.landmarks}
    ordered = sorted(cuts)
    covered = _covered(ordered, regions)
    growth = 3 if len(regions) <= FEW else 1
    places = [0] if ordered else []
    for (low, high), there in zip(pairwise(ordered), covered, strict=True):
        pages = max(1, (high - low) // PAGE_SIZE)
        places.append(places[-1] + (least + growth * (pages.bit_length() - 1) if there else gap))
    return Scale(tuple(ordered), tuple(places), tuple(covered))


def seen_end(region: PicturedRegion) -> int:
    """Return the end of a region as it is drawn: one without pages is a byte long, to be seen."""
    return max(region.end, region.start + 1)


def lanes(regions: Sequence[PicturedRegion]) -> tuple[tuple[int, int], ...]:
    """Return the lane of each region, in their order, and of how many: those that overlap are beside each other, and
    what overlaps nothing has all the width."""
    made = [(0, 1)] * len(regions)
    ends: list[int] = []
    together: list[int] = []

    def close() -> None:
        for place in together:
            made[place] = (made[place][0], len(ends))
        ends.clear()
        together.clear()

    for place in sorted(range(len(regions)), key=lambda each: (regions[each].start, regions[each].end, each)):
        region = regions[place]
        if all(end <= region.start for end in ends):
            close()
        free = next((lane for lane, end in enumerate(ends) if end <= region.start), len(ends))
        lane = min(free, MOST_LANES - 1)
        if lane == len(ends):
            ends.append(0)
        ends[lane] = max(ends[lane], seen_end(region))
        made[place] = (lane, 1)
        together.append(place)
    close()
    return tuple(made)


def _covered(cuts: Sequence[int], regions: Iterable[PicturedRegion]) -> list[bool]:
    """Tell of each stretch between two cuts if a region is there."""
    changes = dict.fromkeys(cuts, 0)
    for region in regions:
        changes[region.start] += 1
        changes[seen_end(region)] -= 1
    depth, covered = 0, []
    for cut in cuts[:-1]:
        depth += changes[cut]
        covered.append(depth > 0)
    return covered
