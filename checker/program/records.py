"""Regions: the fields that they have, and which region of one list is which of another."""

from __future__ import annotations

from dataclasses import dataclass

from checker.program.types import Type

PLACED = "placed"
EXPORTED = "exported"
DROPPED = "dropped"
MARKS = (PLACED, EXPORTED, DROPPED)
"""The fields every record has beside its own: whether `place`, `export` and `drop` were done. All start false."""


@dataclass(frozen=True)
class Record:
    """The fields of a region, in order; ``placement`` names the one that `place` writes.

    ``marks`` are those that no map holds: truth values that start false and belong to the algorithm. ``preferred`` are
    the values that counterexamples have where it does not matter.
    """

    name: str
    fields: tuple[tuple[str, Type], ...]
    placement: str | None
    marks: tuple[str, ...] = ()
    preferred: tuple[tuple[str, int], ...] = ()

    @property
    def inputs(self) -> tuple[tuple[str, Type], ...]:
        """The fields that a map holds."""
        return tuple((name, kind) for name, kind in self.fields if name not in self.marks)

    def type_of(self, name: str) -> Type:
        """The type of a field; the caller knows that it exists."""
        return dict(self.fields)[name]


@dataclass(frozen=True, order=True)
class Identity:
    """The region that a kernel speaks of: where it comes from, and which piece of that it is.

    ``origin`` is its row in the table of the given maps, the same in every layout that it is handed on to; ``piece``
    counts the parts that one region was split into, and is 0 for a whole one.
    """

    origin: int
    piece: int = 0

    def __str__(self) -> str:
        return f"{self.origin}.{self.piece}" if self.piece else f"{self.origin}"
