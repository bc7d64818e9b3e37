"""Regions that hold an address: at its physical place, or where a kernel has mapped it; and what lies around it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import accumulate

from checker.base.diagnostic import Diagnostic
from checker.base.values import frozen
from checker.inspect.checked_map import CheckedMap
from checker.inspect.checks.entries import MOST_BITS
from checker.inspect.material import Material, kernels_list
from checker.inspect.oops import FaultAddress
from checker.inspect.placement import EfiWindow, Placement, as_told, place, window
from checker.library import Chosen, find_algorithm
from checker.memmap import PAGE_SIZE, Descriptor, Limits

KERNELS_ORDER = "linux-x86-forward"
"""The model that places the list which Linux on x86-64 prints after `EFI runtime memory map:`. It is printed in the
order in which efi_map_region() went through it (efi_map_regions(), 4.3 and later)."""


class Space(StrEnum):
    """Kinds of addresses."""

    PHYSICAL = "physical"
    VIRTUAL = "virtual"


class Listing(StrEnum):
    """Lists that a region can be an entry of."""

    MAP = "map"
    KERNELS = "kernel's list"


@frozen
class Spot:
    """A region at an address: its number in its list, the list, and the address at which it begins in a space. ``by``
    says who has placed it there, for virtual addresses."""

    space: Space
    listing: Listing
    number: int
    region: Descriptor
    start: int
    by: str = ""

    @property
    def end(self) -> int:
        """The first address behind the region."""
        return self.start + self.region.num_pages * PAGE_SIZE


@frozen
class Located:
    """An address: the regions that hold it, and the nearest ones below and above the first of them, or it.
    ``in_window`` says that it is in the window of EFI on x86-64."""

    fault: FaultAddress
    places: tuple[Spot, ...]
    below: Spot | None
    above: Spot | None
    in_window: bool


class _Axis:
    """The regions of a list in one space, to be looked up by address."""

    def __init__(self, places: Sequence[Spot]) -> None:
        self.places = sorted((each for each in places if each.region.num_pages), key=lambda each: each.start)
        self.starts = [each.start for each in self.places]
        self.reach = list(accumulate((each.end for each in self.places), max))

    def holding(self, address: int) -> Iterator[Spot]:
        """The regions that hold an address, the nearest beginning first."""
        index = bisect_right(self.starts, address) - 1
        while index >= 0 and self.reach[index] > address:
            if self.places[index].end > address:
                yield self.places[index]
            index -= 1

    def around(self, address: int) -> tuple[Spot | None, Spot | None]:
        """The nearest regions that end at or below an address, and that begin above it."""
        index = bisect_right(self.starts, address)
        below = next((each for each in reversed(self.places[:index]) if each.end <= address), None)
        return below, self.places[index] if index < len(self.places) else None


@frozen
class Atlas:
    """All that is known of where regions are: the physical map, and lists with virtual addresses."""

    physical: _Axis
    virtual: tuple[_Axis, ...]
    window: EfiWindow

    def locate(self, fault: FaultAddress) -> Located:
        """Find what holds an address."""
        in_window = self.window.start <= fault.address < self.window.end
        no_physical = in_window or fault.address >> MOST_BITS != 0
        axes = (*self.virtual, self.physical) if no_physical else (self.physical, *self.virtual)
        held = [list(axis.holding(fault.address)) for axis in axes]
        axis = next((axis for axis, places in zip(axes, held, strict=True) if places), axes[0])
        places = tuple(each for found in held for each in found)
        if no_physical and not self.virtual:
            # Physical memory is nowhere near.
            return Located(fault, places, None, None, in_window)
        return Located(fault, places, *axis.around(fault.address), in_window)


def atlas(material: Material, chosen: Chosen | None, settings: Mapping[str, str], limits: Limits) -> Atlas | Diagnostic:
    """Put together all that is known. Virtual addresses are those of the map itself, or those that the model ``chosen``
    gives; without either, those of the list that Linux on x86-64 prints of itself."""
    read = material.map
    physical = [
        Spot(Space.PHYSICAL, Listing.MAP, number, each, each.phys_addr) for number, each in enumerate(read.descriptors)
    ]
    made: Placement | Diagnostic | None = None
    listing = Listing.MAP
    if chosen is not None:
        made = place(chosen, read, settings, limits)
    elif any(each.virt_addr for each in read.descriptors):
        made = as_told(read)
    elif (own := kernels_list(material, limits)) is not None and CheckedMap(read).has_window:
        order = find_algorithm(KERNELS_ORDER)
        listing = Listing.KERNELS
        made = order if isinstance(order, Diagnostic) else place(order, own, {}, limits)
    if isinstance(made, Diagnostic):
        return made
    virtual = () if made is None else (_Axis(list(_placed(made, listing))),)
    return Atlas(_Axis(physical), virtual, window())


def _placed(placement: Placement, listing: Listing) -> Iterator[Spot]:
    by = "Linux, going by the order of its list" if listing is Listing.KERNELS else placement.model
    rows = zip(placement.map.descriptors, placement.addresses, strict=True)
    for number, (region, address) in enumerate(rows):
        if address is not None:
            yield Spot(Space.VIRTUAL, listing, number, region, address, by)
