"""One list of a log while it is read: is each row the next one, and does the list hold what was announced?"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from checker.base.codes import MapCode
from checker.memmap.descriptor import Descriptor, Format, Origin
from checker.memmap.text.lines import Line
from checker.memmap.text.row_grammar import Fault, LineFormat, ParsedRow

_NUMBER = re.compile(r"[^0-9]{0,10}[0-9]{1,20}\]?")


@dataclass(frozen=True)
class Announced:
    """A number of the header of a list, and where it stands."""

    value: int
    line: Line
    start: int
    end: int


@dataclass(frozen=True)
class ListedMap:
    """A list as it was found: its descriptors, their format, and who made it."""

    descriptors: tuple[Descriptor, ...]
    format: Format
    origin: Origin


@dataclass
class ListBuilder:
    """The list being read.

    ``first`` and ``next`` are the numbers of its first row and of the one that should follow, where the format
    numbers its rows. ``size`` and ``step`` are the bytes of the map and of a descriptor, where a header tells them.
    ``gap`` says whether other lines stand behind the last row.
    """

    style: LineFormat
    format: Format
    closed: bool
    origin: Origin
    size: Announced | None
    step: Announced | None
    first: int | None
    next: int | None
    descriptors: list[Descriptor] = field(default_factory=list)
    gap: bool = False

    def add(self, row: ParsedRow, text: str, at: int) -> Fault | None:
        """Take the next row, which begins at ``at`` of ``text``."""
        if row.number is not None and row.number != self.next:
            return self._out_of_step(row, text, at)
        if row.number is not None:
            self.next = row.number + 1
        elif self.descriptors and row.descriptor.num_pages and row.descriptor == self.descriptors[-1]:
            return Fault(MapCode.REPEATED_INDEX, at, len(text.rstrip()), "this line repeats the line above it")
        self.gap = False
        self.descriptors.append(row.descriptor)
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
        if self.size is None or self.step is None:
            return None
        count = len(self.descriptors)
        if self.step.value and self.size.value == self.step.value * count:
            return None
        sizes = f"{self.size.value:#x} bytes in steps of {self.step.value:#x}"
        message = f"the map takes {sizes}, but the list below has {count} entries"
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
