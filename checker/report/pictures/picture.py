"""A picture as a value: panels beside each other, each an address axis with regions on it.

It says all that any of the renderers may show; none of them computes anything but where it goes on the paper.
"""

from __future__ import annotations

from enum import Enum

from checker.base.values import frozen
from checker.report.values import about


class MemoryKind(Enum):
    """Kinds of memory that are drawn alike: a letter where there is no colour, and the words of the legend."""

    RUNTIME = "R", "runtime services"
    BOOT = "B", "boot services"
    LOADER = "L", "loader"
    FREE = ".", "conventional"
    ACPI = "A", "ACPI"
    DEVICE = "D", "device (MMIO)"
    RESERVED = "X", "reserved, unusable"
    OTHER = "O", "other"

    @property
    def letter(self) -> str:
        """The letter that fills a bar."""
        return self.value[0]

    @property
    def title(self) -> str:
        """The words of the legend."""
        return self.value[1]


_BEGINNINGS = (
    ("runtime", MemoryKind.RUNTIME),
    ("boot", MemoryKind.BOOT),
    ("loader", MemoryKind.LOADER),
    ("conventional", MemoryKind.FREE),
    ("acpi", MemoryKind.ACPI),
    ("mmio", MemoryKind.DEVICE),
    ("memorymapped", MemoryKind.DEVICE),
    ("reserved", MemoryKind.RESERVED),
    ("unusable", MemoryKind.RESERVED),
)
"""Beginnings of the names of memory types (UEFI 2.10, table 7.6, and as models write them), without case and signs."""


def kind_of(type_name: str, *, runtime: bool) -> MemoryKind:
    """Return the kind of a region, by the name of its type; one that firmware needs at run time is of that kind."""
    if runtime:
        return MemoryKind.RUNTIME
    plain = "".join(filter(str.isalpha, type_name)).lower().removeprefix("efi")
    return next((kind for beginning, kind in _BEGINNINGS if plain.startswith(beginning)), MemoryKind.OTHER)


class Standing(Enum):
    """Reasons why a region stands out: a sign where there is no colour, and the words of the legend."""

    BROKEN = "!", "breaks the property"
    MOVED = ">", "moved"
    CHANGED = "~", "changed"
    APPEARED = "+", "not there before"
    GONE = "-", "not there afterwards"

    @property
    def sign(self) -> str:
        """The sign before a region."""
        return self.value[0]

    @property
    def title(self) -> str:
        """The words of the legend."""
        return self.value[1]


@frozen
class PicturedRegion:
    """A region on an axis, from ``start`` to ``end`` (bytes, exclusive).

    ``key`` is the same for what is the same region in another panel; ``moved_from`` the address that it had in the
    panel before. ``fields`` are what there is to say of it, by name. ``sized`` is false where a program does not say
    how long its regions are.
    """

    key: str
    start: int
    end: int
    kind: MemoryKind
    type_name: str
    fields: tuple[tuple[str, str], ...] = ()
    standing: Standing | None = None
    moved_from: int | None = None
    sized: bool = True

    @property
    def size(self) -> str:
        """The size in words, rounded; empty if it is not known."""
        return about(self.end - self.start) if self.sized else ""


@frozen
class Panel:
    """An axis with its regions, in the order of the map. Panels of one ``axis`` are on one scale.

    ``landmarks`` are addresses with names, such as the ends of a window; ``absent`` the keys of regions that have no
    place here.
    """

    title: str
    axis: str
    regions: tuple[PicturedRegion, ...]
    landmarks: tuple[tuple[int, str], ...] = ()
    absent: tuple[str, ...] = ()


@frozen
class Picture:
    """Panels side by side, with a title over them and remarks under it."""

    title: str
    panels: tuple[Panel, ...]
    remarks: tuple[str, ...] = ()


PHYSICAL = "physical addresses"
VIRTUAL = "virtual addresses"
