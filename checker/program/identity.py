"""Regions across lists: which region of one list is which of another."""

from __future__ import annotations

from dataclasses import dataclass


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
