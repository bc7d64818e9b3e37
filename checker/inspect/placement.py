"""The places that a model gives the regions of a map, and the room that they take in the window of EFI on x86-64."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property

from checker import program as p
from checker.base.diagnostic import Diagnostic
from checker.base.values import frozen
from checker.language import load_text
from checker.layouts.lay_out import lay_out
from checker.library import Chosen, find_algorithm, search_path
from checker.memmap import PAGE_SIZE, Limits, MemoryMap
from checker.memmap.signs import VALUES

_USUAL = "linux-x86-reversed"

_WINDOW = "the_window"
_QUESTION = f"""
use uefi, x86_64
algorithm {_WINDOW}(
    map: MemoryMap, start: va = EFI_WINDOW.start, end: va = EFI_WINDOW.end, page: bytes = PMD_SIZE
) {{ }}
"""
"""A program that has the constants of `spec/x86_64.layout` as defaults of parameters: they are stated there alone."""


@frozen
class EfiWindow:
    """The stretch of virtual addresses for EFI regions, ``end`` exclusive, and the bytes of a large page in it."""

    start: int
    end: int
    large_page: int


@frozen
class Room:
    """The bytes of the window that regions take, that their alignment takes, and that are left below them."""

    used: int
    lost: int
    left: int

    @property
    def whole(self) -> int:
        """The bytes of the window."""
        return self.used + self.lost + self.left


@frozen
class Placement:
    """The virtual address that a model gives each region, in the order of the map; None where it gives none.
    ``wanted`` says which regions it means to place. ``told`` where the map itself has the addresses. ``architectures``
    are those of the machines that the model is for, as far as it says so."""

    model: str
    map: MemoryMap
    window: EfiWindow
    addresses: tuple[int | None, ...]
    wanted: tuple[bool, ...]
    told: bool = False
    architectures: frozenset[str] = frozenset()

    @cached_property
    def room(self) -> Room | None:
        """The room that is taken of the window; None where the model places regions elsewhere, or none."""
        placed = [
            (address, region.num_pages * PAGE_SIZE)
            for address, region in zip(self.addresses, self.map.descriptors, strict=True)
            if address is not None
        ]
        if not placed or any(not self.window.start <= address < self.window.end for address, _ in placed):
            return None
        lowest = min(address for address, _ in placed)
        used = sum(size for _, size in placed)
        taken = self.window.end - lowest
        # Regions that wrap around, or lie over each other, take more than there is: nothing is lost then.
        return Room(min(used, taken), max(0, taken - used), lowest - self.window.start)


@cache
def usual_model() -> Chosen | Diagnostic:
    """The model for a machine that may be a PC, if no other is asked for: what Linux does since 4.3."""
    return find_algorithm(_USUAL)


@cache
def window() -> EfiWindow:
    """The window of EFI on x86-64, as `spec/x86_64.layout` states it. It is the same for every map of a folder."""
    program = load_text("window", _QUESTION.encode(), search_path())
    assert not isinstance(program, Diagnostic), program.message
    (algorithm,) = (each for each in program.algorithms if each.name == _WINDOW)
    values = {name: default.value for name, _, default in algorithm.parameters if default is not None}
    return EfiWindow(values["start"], values["end"], values["page"])


def place(chosen: Chosen, memory_map: MemoryMap, settings: Mapping[str, str], limits: Limits) -> Placement | Diagnostic:
    """Place the regions of a map as a model does."""
    layout = lay_out(chosen.algorithm, memory_map.descriptors, settings, limits, around=memory_map.told)
    if isinstance(layout, Diagnostic):
        return layout
    field = chosen.algorithm.record.placement
    # Of a region that was split its first piece, which begins where it begins.
    first = {identity.origin: index for index, identity in reversed(tuple(enumerate(layout.identities)))}
    regions = [(index, layout.regions[index]) for _, index in sorted(first.items())]
    addresses = tuple(region[field] if field and region[p.PLACED] else None for _, region in regions)
    exported = set(layout.exported) if chosen.algorithm.exports else set()
    wanted = tuple(
        address is not None or index in exported for address, (index, _) in zip(addresses, regions, strict=True)
    )
    return Placement(chosen.name, memory_map, window(), addresses, wanted, architectures=architectures(chosen))


def architectures(chosen: Chosen) -> frozenset[str]:
    """The architectures that an algorithm says it is for."""
    traits = {trait for each in chosen.algorithm.targets for trait in each.traits}
    return frozenset(traits & set(VALUES["architecture"]))


def as_told(memory_map: MemoryMap) -> Placement:
    """The addresses that the map itself has."""
    addresses = tuple(each.virt_addr or None for each in memory_map.descriptors)
    wanted = tuple(address is not None for address in addresses)
    architecture = memory_map.signs.architecture
    machines = frozenset(architecture.values) if architecture is not None else frozenset[str]()
    return Placement("the kernel", memory_map, window(), addresses, wanted, told=True, architectures=machines)
