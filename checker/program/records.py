"""Records: the fields of a region."""

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
