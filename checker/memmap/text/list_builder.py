"""One list of a log while it is read: is each row the next one, and does the list hold what was announced?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import field

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic, Span
from checker.base.values import frozen, mutable
from checker.memmap.descriptor import Descriptor, Format, Origin
from checker.memmap.reservations import NO_SURROUNDINGS, Surroundings
from checker.memmap.signs import NO_SIGNS, Signs
from checker.memmap.text.lines import Line
from checker.memmap.text.row_grammar import Fault, LineFormat, ParsedRow

_NUMBERED = re.compile(r"[^0-9]{0,10}([0-9]{1,9})\b")
_ADDRESS = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{8,16}(?![0-9A-Fa-f])")
_NUMBER = re.compile(r"[^0-9]{0,10}[0-9]{1,20}\]?")


@frozen
class Announced:
    """A number of the header of a list, and where it stands."""

    value: int
    line: Line
    start: int
    end: int


@frozen
class ListedMap:
    """A list as it was found: its descriptors, their format, who made it, where it begins, in which of the boots that
    the text is about, and what it lacks to be whole."""

    descriptors: tuple[Descriptor, ...]
    format: Format
    origin: Origin
    place: Span | None = None
    boot: int = 0
    first: int | None = None
    fault: Diagnostic | None = None
    merged: Span | None = None
    signs: Signs = NO_SIGNS
    told: Surroundings = NO_SURROUNDINGS

    def has(self, number: int, descriptor: Descriptor) -> bool:
        """Tell whether the row of this number is this one."""
        place = number - self.first if self.first is not None else -1
        return 0 <= place < len(self.descriptors) and self.descriptors[place] == descriptor

    def __str__(self) -> str:
        where = f", from line {self.place.line}" if self.place else ""
        count = len(self.descriptors)
        return f"{self.origin}, {count} {'entry' if count == 1 else 'entries'}, {self.format}{where}"


@mutable
class ListBuilder:
    """The list being read.

    ``first`` and ``next`` are the numbers of its first row and of the one that should follow, where the format
    numbers its rows. ``size`` and ``step`` are the bytes of the map and of a descriptor, where a header tells them.
    ``gap`` says whether other lines stand behind the last row, which begins at column ``at`` of ``last``, and
    ``elided`` that people left lines out there. ``merged`` is where the printer says that it merged regions. ``sides``
    are the signs of a difference before rows, ``blocks`` the rows that other lines stand above, and ``addresses`` the
    first ones of all rows, once they are asked for.
    """

    style: LineFormat
    format: Format
    closed: bool
    origin: Origin
    first: int | None
    next: int | None
    place: Span
    boot: int
    size: Announced | None = None
    step: Announced | None = None
    descriptors: list[Descriptor] = field(default_factory=list)
    blocks: list[tuple[int, int]] = field(default_factory=list)
    addresses: set[int] | None = None
    gap: bool = False
    at: int = 0
    last: str = ""
    fault: Diagnostic | None = None
    elided: Diagnostic | None = None
    merged: Span | None = None
    sides: str = ""

    @classmethod
    def begun(cls, style: LineFormat, row: ParsedRow, place: Span, origin: Origin, boot: int) -> ListBuilder:
        """A list that begins with ``row``, which is not in it yet."""
        return cls(style, row.format, row.closed, origin, row.number, row.number, place, boot)

    def listed(self) -> list[ListedMap]:
        """The list as it is; several, where its rows have no numbers and begin again."""
        rest = (self.format, self.origin)
        if self.first is not None or len(set(self.descriptors)) == len(self.descriptors):
            made = tuple(self.descriptors)
            return [ListedMap(made, *rest, self.place, self.boot, self.first, self.fault, self.merged)]
        parts = self._parts()
        return [
            ListedMap(tuple(rows), *rest, place, self.boot, None, None if number else self.fault, self.merged)
            for number, (rows, place) in enumerate(parts)
        ]

    def _parts(self) -> list[tuple[list[Descriptor], Span]]:
        """The rows without blocks that are quotations, since all of their rows are elsewhere too; a block with some of
        the rows that are there already is of another map."""
        source = self.place.source
        begins = [(0, self.place), *((index, Span(source, at, at + 1)) for index, at in self.blocks)]
        ends = [index for index, _ in begins[1:]] + [len(self.descriptors)]
        blocks = [(self.descriptors[index:end], place) for (index, place), end in zip(begins, ends, strict=True)]
        left = Counter(self.descriptors)
        kept = []
        for rows, place in reversed(blocks):
            for row in rows:
                left[row] -= 1
            if not all(left[row] for row in rows):
                kept.append((rows, place))
                left.update(rows)
        parts: list[tuple[list[Descriptor], Span]] = []
        seen: set[Descriptor] = set()
        for rows, place in reversed(kept):
            if not parts or not seen.isdisjoint(rows):
                parts.append(([], place))
                seen = set()
            parts[-1][0].extend(rows)
            seen.update(rows)
        return parts

    def cites(self, row: ParsedRow, citing: bool) -> bool:
        """Tell whether a row that stands away from the list, or below one that does, is one of the list by its
        number."""
        if not (self.gap or citing) or (row.format, row.closed) != (self.format, self.closed):
            return False
        if row.number is None or self.first is None:
            return False
        place = row.number - self.first
        return 0 <= place < len(self.descriptors) and self.descriptors[place] == row.descriptor

    def mentions(self, text: str, at: int) -> bool:
        """Tell whether what is not quite a row speaks of an entry that the list has already: by its number, or by its
        first address."""
        number = _NUMBERED.match(text, at) if self.next is not None else None
        if number is not None and self.next is not None and int(number[1]) < self.next:
            return True
        if self.addresses is None:
            self.addresses = {each.phys_addr for each in self.descriptors}
        address = _ADDRESS.search(text, at)
        return address is not None and int(address[0], 16) in self.addresses

    def ends_before(self, row: ParsedRow) -> bool:
        """Tell whether a row is the first of another list by its number. Rows whose first one is missing are a
        quotation or a list that was cut: they end where their numbers do."""
        if row.number is None or row.format != self.format:
            return False
        if self.fault is not None or (self.gap and not self.style.starts_at_zero):
            return row.number != self.next
        return row.number == 0 and self.first == 0 and len(self.descriptors) > 1

    def add(self, row: ParsedRow, text: str, at: int, start: int) -> Fault | None:
        """Take the next row, which begins at ``at`` of ``text``, a line that begins at ``start`` of the source."""
        side = text[:at].strip()[:1] if at else ""
        if side and side in "+-" and side not in self.sides:
            self.sides += side
            if len(self.sides) > 1:
                message = "this difference holds lines of two maps"
                return Fault(MapCode.MIXED_FORMATS, text.find(side), len(text.rstrip()), message)
        if row.number is not None and row.number != self.next:
            return self._out_of_step(row, text, at)
        if row.number is not None:
            self.next = row.number + 1
        elif not self.gap and self.descriptors and row.descriptor.num_pages and row.descriptor == self.descriptors[-1]:
            return Fault(MapCode.REPEATED_INDEX, at, len(text.rstrip()), "this line repeats the line above it")
        if self.gap and self.descriptors:
            self.blocks.append((len(self.descriptors), start + at))
        self.gap = False
        self.at, self.last = at, text
        self.descriptors.append(row.descriptor)
        if self.addresses is not None:
            self.addresses.add(row.descriptor.phys_addr)
        return None

    def foreign(self, row: ParsedRow, text: str, at: int) -> Fault | None:
        """A fault if a row of another kind stands within this list rather than behind it."""
        if self.gap and not (row.format.is_linux_log and self.format.is_linux_log):
            return None
        message = f"this line is in the format {row.format}, the lines above it are in {self.format}"
        if row.format == self.format:
            message = "this line closes its range with another bracket than the lines above it"
        return Fault(MapCode.MIXED_FORMATS, at, len(text.rstrip()), message)

    def incomplete(self) -> tuple[Line, Fault] | None:
        """A fault, and its line, if the header announces another number of entries."""
        if self.size is None or self.step is None or self.merged is not None:
            return None
        count = len(self.listed()[0].descriptors)
        if self.step.value and self.size.value == self.step.value * count:
            return None
        takes = f"takes {self.size.value:#x} bytes in steps of {self.step.value:#x}"
        takes = takes if self.step.value != 1 else f"has {self.size.value} entries"
        message = f"the map {takes}, but the list below has {count} entries"
        return self.size.line, Fault(MapCode.INCOMPLETE, self.size.start, self.size.end, message)

    def _out_of_step(self, row: ParsedRow, text: str, at: int) -> Fault | None:
        """Return the meaning of a number that is not the next one."""
        assert row.number is not None
        assert self.next is not None
        assert self.first is not None
        if row.number > self.next:
            message = f"entry {self.next} should follow here, this is entry {row.number}"
            return Fault(MapCode.MISSING_INDEX, at, number_end(text, at), message)
        place = row.number - self.first
        echo = self.style.echo
        if echo and echo.match(text) and place >= 0 and self.descriptors[place] == row.descriptor:
            return None
        message = f"entry {self.next} should follow here, entry {row.number} is there already"
        return Fault(MapCode.REPEATED_INDEX, at, number_end(text, at), message)


def number_end(text: str, at: int) -> int:
    """Find the end of the token that numbers the row at ``at``."""
    match = _NUMBER.match(text, at)
    return match.end() if match else at + 1


_LONGEST = 8
"""Lists of a format, the longest first, in which what may be a quotation is looked for."""


def beside(lists: Sequence[ListedMap], descriptors: Sequence[Descriptor]) -> tuple[ListedMap, ...]:
    """Return the lists that go with these descriptors: none that stands behind another map of the firmware. A text may
    hold the logs of several boots, of other machines too."""
    maps = [each for each in lists if each.origin is Origin.FIRMWARE and each.format.is_linux_log]

    def behind(one: ListedMap) -> tuple[Descriptor, ...]:
        before = [each for each in maps if each.place and one.place and each.place.start <= one.place.start]
        return before[-1].descriptors if before else ()

    own = {behind(each) for each in lists if each.descriptors == descriptors}
    return tuple(each for each in lists if behind(each) in own or not behind(each))


def without_quotations(lists: Sequence[ListedMap]) -> list[ListedMap]:
    """The lists but for those whose rows all stand in a longer one of their kind: people cite rows above it too."""
    if len(lists) < 2:
        return [*lists]
    by_format: dict[Format, list[ListedMap]] = {}
    for each in sorted(lists, key=lambda one: -len(one.descriptors)):
        by_format.setdefault(each.format, []).append(each)
    longest = {form: [(each, _rows(each)) for each in found[:_LONGEST]] for form, found in by_format.items()}
    return [each for each in lists if each.origin is not Origin.FIRMWARE or not _is_cited(each, longest[each.format])]


def _is_cited(listed: ListedMap, longest: Sequence[tuple[ListedMap, set[tuple[int, Descriptor]]]]) -> bool:
    """Tell whether all rows of a list stand in a longer one."""
    rows = _rows(listed) if len(listed.descriptors) < len(longest[0][0].descriptors) else None
    return rows is not None and any(
        len(listed.descriptors) < len(other.descriptors) and rows <= known for other, known in longest
    )


def _rows(listed: ListedMap) -> set[tuple[int, Descriptor]]:
    """The rows of a list with their numbers; 0 for all of them where there are none."""
    if listed.first is None:
        return {(0, each) for each in listed.descriptors}
    return set(enumerate(listed.descriptors, listed.first))
