"""Regions: the fields that they have, and which region of one list is which of another."""

from __future__ import annotations

from dataclasses import dataclass

from checker.base.values import frozen
from checker.program.types import Boolean, Type

PLACED = "placed"
EXPORTED = "exported"
DROPPED = "dropped"
MARKS = (PLACED, EXPORTED, DROPPED)
"""The fields every record has beside its own: whether `place`, `export` and `drop` were done. All start false."""

_OF_PLACE = f".{PLACED}"


def placed_by(name: str) -> str:
    """The mark of a further placement field. No name in a file has a dot."""
    return f"{name}{_OF_PLACE}"


VISITED = "visited"
"""The name under which invariants of a pass ask whether a region had its turn in it. No mark: each pass begins anew."""


@frozen
class Record:
    """The fields of a region, in order; ``placement`` names the one that `place` writes, the first if there are several
    (`placements`).

    ``marks`` are those that no map holds: they start 0 and false and belong to the algorithm. In files all of them are
    truth values. ``preferred`` are the values that counterexamples have where it does not matter.
    """

    name: str
    fields: tuple[tuple[str, Type], ...]
    placement: str | None
    marks: tuple[str, ...] = ()
    preferred: tuple[tuple[str, int], ...] = ()

    @property
    def placements(self) -> tuple[str, ...]:
        """The fields that `place` writes: the one that it writes if none is named, and the others."""
        others = (mark.removesuffix(_OF_PLACE) for mark in self.marks if mark.endswith(_OF_PLACE))
        return () if self.placement is None else (self.placement, *others)

    def placed(self, name: str) -> str:
        """The mark that says whether a region was placed at the address of one of `placements`."""
        return PLACED if name == self.placement else placed_by(name)

    @property
    def placed_marks(self) -> tuple[str, ...]:
        """The marks that say that a region was placed, anywhere."""
        return tuple(map(self.placed, self.placements))

    @property
    def truths(self) -> tuple[str, ...]:
        """The marks that are truth values."""
        return tuple(name for name in self.marks if isinstance(self.type_of(name), Boolean))

    @property
    def inputs(self) -> tuple[tuple[str, Type], ...]:
        """The fields that a map holds."""
        return tuple((name, kind) for name, kind in self.fields if name not in self.marks)

    def type_of(self, name: str) -> Type:
        """The type of a field; the caller knows that it exists."""
        return dict(self.fields)[name]


@frozen
class Extent:
    """The field in which a region begins, the one that counts how long it is, and the bytes of what that counts."""

    start: str
    length: str
    unit: int


@dataclass(frozen=True, order=True)
class Identity:
    """The region that a kernel speaks of: where it comes from, and which piece of that it is.

    ``origin`` is its row in the table of the given maps, the same in every layout that it is handed on to; ``pieces``
    are the numbers, from 0, that its parts got each time when it was split, and none for a whole one. Of an entry of a
    list beside the map, ``beside`` is the list's name, and ``origin`` its number there.
    """

    origin: int
    pieces: tuple[int, ...] = ()
    beside: str = ""

    def piece(self, number: int) -> Identity:
        """The piece of this region with that number."""
        return Identity(self.origin, (*self.pieces, number))

    def is_part_of(self, other: Identity) -> bool:
        """Tell whether this is that region, or a piece of it."""
        return self.origin == other.origin and self.pieces[: len(other.pieces)] == other.pieces

    def __str__(self) -> str:
        own = ".".join(map(str, (self.origin, *self.pieces)))
        return f"{self.beside}.{own}" if self.beside else own
