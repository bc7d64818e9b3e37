"""All that a boot tells of beside its map: memory that is taken or reserved, and the words of the command line."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cached_property

from checker.base.values import frozen


class Hold(StrEnum):
    """The way in which memory is held: something lies there, or pages are reserved for a table of the firmware."""

    TAKEN = "taken"
    ESRT = "esrt"
    MOKVAR = "mokvar"
    BGRT = "bgrt"


@frozen
class Reservation:
    """Memory from ``start`` up to ``end``, and what is told of it in words."""

    start: int
    end: int
    kind: Hold
    what: str

    def __str__(self) -> str:
        return f"{self.what} ({self.start:#x}-{self.end - 1:#x})"


@frozen
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

    def taken_in_each(self, regions: Iterable[tuple[int, int, int]]) -> Iterator[dict[str, int]]:
        """For each region of a map, by its type, its first byte and the one behind its last, the stretch of memory from
        the first to the last of it that is taken, of all that touches the region: by the names that models have for
        both, and 0 for both where nothing is.

        A kernel holds each boot-services region that it finds untaken, so that one which overlaps it, and stands behind
        it, is taken by then: efi_reserve_boot_services(), Linux 3.0 and later. Firmware lists none that overlap.
        """
        # What the kernel holds is sorted, and no two of it overlap: a map may have very many regions.
        starts: list[int] = []
        ends: list[int] = []
        for kind, start, end in regions:
            found = [(each.start, each.end) for each in self.taken if each.start < end and start < each.end]
            first, behind = bisect_right(ends, start), bisect_left(starts, end)
            if first < behind:
                found.append((starts[first], ends[behind - 1]))
            yield {
                TAKEN_FROM: min((low for low, _ in found), default=0),
                TAKEN_TO: max((high for _, high in found), default=0),
            }
            if kind in _BOOT_SERVICES and _LOW_MEMORY <= start < end <= _LAST_PAGE and not found:
                starts.insert(first, start)
                ends.insert(first, end)


_BOOT_SERVICES = (3, 4)

_LOW_MEMORY = 0x1_0000
"""Every kernel holds what is below."""

_LAST_PAGE = 0xFFFF_FFFF_FFFF_F000
"""No region of memory ends behind its beginning: efi_memmap_entry_valid()."""

TAKEN_FROM, TAKEN_TO = "taken_from", "taken_to"

NO_SURROUNDINGS = Surroundings()
