"""All that a boot tells of beside its map: memory that is taken or reserved, and the words of the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Hold(StrEnum):
    """The way in which memory is held: something lies there, or pages are reserved for a table of the firmware."""

    TAKEN = "taken"
    ESRT = "esrt"
    MOKVAR = "mokvar"
    BGRT = "bgrt"


@dataclass(frozen=True)
class Reservation:
    """Memory from ``start`` up to ``end``, and what is told of it in words."""

    start: int
    end: int
    kind: Hold
    what: str

    def __str__(self) -> str:
        return f"{self.what} ({self.start:#x}-{self.end - 1:#x})"


@dataclass(frozen=True)
class Surroundings:
    """The reservations that a boot tells of, and the words of its command line; None where it is not known."""

    reservations: tuple[Reservation, ...] = ()
    words: frozenset[str] | None = None

    @property
    def switches(self) -> dict[str, bool]:
        """The switches of the command line by the names that models have for them, if it is known."""
        if self.words is None:
            return {}
        options = {each for word in self.words if word.startswith("efi=") for each in word[4:].split(",")}
        return {"efi_debug": "debug" in options, "soft_reserve": "nosoftreserve" not in options}

    @property
    def tables(self) -> dict[str, int]:
        """The first and the last pages that are reserved for tables, by the names that models have for them."""
        found: dict[str, int] = {}
        for each in self.reservations:
            if each.kind is not Hold.TAKEN:
                found.setdefault(each.kind.value, each.start)
                found.setdefault(f"{each.kind.value}_end", each.end)
        return found

    @cached_property
    def taken(self) -> Sequence[Reservation]:
        """Memory in which something lies."""
        return [each for each in self.reservations if each.kind is Hold.TAKEN]

    def taken_in(self, start: int, end: int) -> dict[str, int]:
        """The stretch of memory, from the first to the last of it that is taken, of all that touches the one from
        ``start`` up to ``end``; by the names that models have for both, and 0 for both where nothing is."""
        found = [each for each in self.taken if each.start < end and start < each.end]
        first, last = min((each.start for each in found), default=0), max((each.end for each in found), default=0)
        return {TAKEN_FROM: first, TAKEN_TO: last}


TAKEN_FROM, TAKEN_TO = "taken_from", "taken_to"

NO_SURROUNDINGS = Surroundings()
