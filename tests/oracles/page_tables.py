"""Page tables of four or five levels as a kernel fills them, entry by entry, and as a processor goes through them:
another telling of `spec/page_tables.layout`, which has sums where this has loops. It is told from what Linux 5.10 to
7.3 do in `arch/x86/mm/pat/set_memory.c`, in words of its own."""

from __future__ import annotations

from dataclasses import dataclass, field

PAGE = 1 << 12
LARGE = 1 << 21
HUGE = 1 << 30
TOP = 1 << 39
FIFTH = 1 << 48
_MASK = (1 << 64) - 1


class AstrayError(Exception):
    """The loop would write where no table is."""


@dataclass(frozen=True)
class Leaf:
    """An entry for ``size`` bytes from the frame on that it holds: of a frame it has room for whole multiples only."""

    size: int
    frame: int


Table = dict[int, "Leaf | Table"]
"""What is written of a table's 512 entries, by their numbers."""


def _slot(address: int, size: int) -> int:
    """The number of the entry for an address in a table whose entries are for ``size`` bytes each."""
    return address // size % 512


def _below(table: Table, slot: int) -> Table:
    """The table that an entry leads to; made if the entry is empty."""
    found = table.setdefault(slot, {})
    if isinstance(found, Leaf):
        raise AstrayError("an entry that maps memory is taken for a table")
    return found


@dataclass
class Tables:
    """All tables of one address space, and whether the processor has pages of 1 GiB, and tables of five levels."""

    huge_pages: bool
    top: Table = field(default_factory=dict)
    frame: int = 0
    five_levels: bool = False

    @property
    def _sizes(self) -> tuple[int, ...]:
        """What an entry of each level is for, but those of the last."""
        return (FIFTH, TOP, HUGE, LARGE) if self.five_levels else (TOP, HUGE, LARGE)

    @property
    def _half(self) -> int:
        """The first address that the highest bit has to be repeated in."""
        return self._sizes[0] * 256

    def look_up(self, address: int) -> int | None:
        """The frame that a processor finds for the page at an address."""
        if self._half <= address % (1 << 64) < (1 << 64) - self._half:
            return None
        table = self.top
        for size in (*self._sizes, PAGE):
            found = table.get(_slot(address, size))
            if found is None:
                return None
            if isinstance(found, Leaf):
                return found.frame + address % found.size // PAGE * PAGE
            table = found
        raise AssertionError("tables of one level more")

    def put(self, address: int, frame: int) -> None:
        """Write an entry for one small page, whatever else is there."""
        table = self.top
        for size in self._sizes:
            table = _below(table, _slot(address, size))
        table[_slot(address, PAGE)] = Leaf(PAGE, frame)

    def map(self, physical: int, address: int, pages: int) -> None:
        """Map a region: look whether a page is there; keep it if so, fill all the rest from it on if not. Large entries
        that are there are not told of here."""
        self.frame = physical // PAGE * PAGE
        left, done = pages % (1 << 32), 0
        while left:
            at = (address + done * PAGE) & _MASK
            there = self._found(at)
            if there is None:
                self._fill(at, left)
                return
            self.frame = there
            left, done = left - 1, done + 1

    def _found(self, address: int) -> int | None:
        """What tables hold for an address, whether a processor would look there or not."""
        half = self._half
        return self.look_up(address | -half if address & half else address % half)

    def _fill(self, start: int, pages: int) -> None:
        third = self.top
        for size in self._sizes[:-2]:
            third = _below(third, _slot(start, size))
        end = start + pages * PAGE
        done = 0
        if start % HUGE:
            stop = min(end, start - start % HUGE + HUGE)
            done = (stop - start) // PAGE
            self._fill_second(start, stop, done, third)
            start = stop
        if done == pages:
            return
        slot = _slot(start, HUGE)
        while self.huge_pages and end - start >= HUGE:
            if slot > 511:
                raise AstrayError("an entry behind the last one of a table")
            third[slot] = Leaf(HUGE, self.frame // HUGE * HUGE)
            start, slot, done = start + HUGE, slot + 1, done + HUGE // PAGE
            self.frame += HUGE
        if start < end:
            self._fill_second(start, end, pages - done, third)

    def _fill_second(self, start: int, end: int, pages: int, third: Table) -> None:
        second = _below(third, _slot(start, HUGE))
        done = 0
        if start % LARGE:
            stop = min(start + pages * PAGE, start - start % LARGE + LARGE)
            done = (stop - start) // PAGE
            self._fill_first(start, stop, done, _below(second, _slot(start, LARGE)))
            start = stop
        if done == pages:
            return
        while end - start >= LARGE:
            second[_slot(start, LARGE)] = Leaf(LARGE, self.frame // LARGE * LARGE)
            start, done = start + LARGE, done + LARGE // PAGE
            self.frame += LARGE
        if start < end:
            self._fill_first(start, end, pages - done, _below(second, _slot(start, LARGE)))

    def _fill_first(self, start: int, end: int, pages: int, first: Table) -> None:
        slot = _slot(start, PAGE)
        while pages and start < end:
            if slot > 511:
                raise AstrayError("an entry behind the last one of a table")
            first[slot] = Leaf(PAGE, self.frame)
            start, slot, pages = start + PAGE, slot + 1, pages - 1
            self.frame += PAGE
