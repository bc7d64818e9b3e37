"""The lists of a log: which rows belong together, and whether any is missing, repeated or foreign."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic, Source, Span
from checker.memmap.descriptor import Origin
from checker.memmap.files import too_many_lines
from checker.memmap.formats import LINE_FORMATS
from checker.memmap.limits import STANDARD, Limits, beyond
from checker.memmap.remedies import remedy
from checker.memmap.text.lines import MAX_WRAPS, Line, cleaned, continuations, plain
from checker.memmap.text.list_builder import Announced, ListBuilder, ListedMap, number_end
from checker.memmap.text.row_grammar import Fault, LineFormat, ParsedRow

_RUNTIME_LIST = "EFI runtime memory map:"
_NEW_BOOT = ("Linux version ", "Processing EFI memory map:")
_FINDERS = (
    *((style, style.find) for style in LINE_FORMATS),
    *((style, style.damaged) for style in LINE_FORMATS if style.damaged is not None),
)
"""The functions that find a row in a line: whole rows of all formats first. Most lines have none, so all are asked."""

_HEADER_SIZE = re.compile(r"MemMap (Desc\. )?Size *: *0x([0-9a-fA-F]{1,16})")


class _Scanner:
    """Reads the lines of one source; lives as long as one call of ``scan``."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self.source = source
        self.limits = limits
        self.lines = source.text.split("\n")
        self.listings: list[ListedMap] = []
        self.open: ListBuilder | None = None
        self.origin = Origin.FIRMWARE
        self.ended = False
        self.total = 0
        self.size: Announced | None = None
        self.step: Announced | None = None

    def run(self) -> tuple[ListedMap, ...] | Diagnostic:
        """All lists, or the first thing that is wrong."""
        position = skip = 0
        for number, raw in enumerate(self.lines):
            start, position = position, position + len(raw) + 1
            if skip:
                skip -= 1
                continue
            if not raw or raw == "\r":
                continue
            if len(raw) > self.limits.line:
                return beyond(self.limits, "line", span=Span(self.source, start, start + 1))
            outcome = self._line(number, raw, start)
            if isinstance(outcome, Diagnostic):
                return outcome
            skip = outcome
        return self._close() or tuple(self.listings)

    def _line(self, number: int, raw: str, start: int) -> int | Diagnostic:
        """Read one line; answers how many of the following lines were its continuation."""
        text = plain(raw)
        style, at = self._style(text)
        if style is None:
            stub = self._stub(text)
            if stub is None:
                return self._other(text, raw, start)
            return self._diagnostic(cleaned(Line(raw, start)), stub)
        row = style.read(text, at)
        taken = 0
        if isinstance(row, Fault):
            line = cleaned(Line(raw, start))
            mended = next(self._wrapped(style, number, line), None)
            if mended is None:
                return self._diagnostic(line, row)
            row, taken = mended
        problem = self._add(style, row, text, at, start)
        if isinstance(problem, Fault):
            return self._diagnostic(cleaned(Line(raw, start)), problem)
        return taken if problem is None else problem

    def _style(self, text: str) -> tuple[LineFormat | None, int]:
        """The format that claims the line, and where its row begins; the open list's format is asked first."""
        current = self.open
        if current is not None and (at := current.style.find(text)) >= 0:
            return current.style, at
        for style, find in _FINDERS:
            if (at := find(text)) >= 0:
                return style, at
        return None, -1

    def _stub(self, text: str) -> Fault | None:
        """A fault if the line is what is left of a row of the list being read."""
        current = self.open
        if current is None or self.ended or current.style.stub is None:
            return None
        if current.gap and not current.format.is_linux_log:
            return None
        found = current.style.stub.search(text.rstrip())
        if found is None:
            return None
        start = found.start(found.lastindex or 0)
        start += len(text[start:]) - len(text[start:].lstrip())
        fault = current.style.read(text, start)
        if isinstance(fault, Fault) and (fault.start > start or fault.code is MapCode.CUT):
            return fault
        end = len(text.rstrip())
        return Fault(MapCode.CUT, start, end, "only a piece is left of this line of the map")

    def _wrapped(self, style: LineFormat, number: int, line: Line) -> Iterator[tuple[ParsedRow, int]]:
        """The row that begins in ``line`` and goes on in the next lines, if there is one."""
        begun = [line]
        start = line.start + len(self.lines[number]) + 1
        for taken in range(1, MAX_WRAPS + 1):
            if number + taken >= len(self.lines):
                return
            raw = self.lines[number + taken].rstrip("\r")
            if len(raw) > self.limits.line or any(other.find(raw) >= 0 for other in LINE_FORMATS):
                return
            following = cleaned(Line(raw, start))
            start += len(self.lines[number + taken]) + 1
            begun = [longer for shorter in begun for longer in continuations(_stripped(shorter), following)]
            for longer in begun:
                at = style.find(longer.text)
                row = style.read(longer.text, at) if at >= 0 else None
                if isinstance(row, ParsedRow):
                    yield row, taken

    def _add(self, style: LineFormat, row: ParsedRow, text: str, at: int, start: int) -> Fault | Diagnostic | None:
        """Put a row, which is of the line that begins at ``start``, into the list that it belongs to."""
        current = self.open
        begins = current is None or self.ended
        if current is not None and not begins:
            if row.number == 0 and current.first == 0 and len(current.descriptors) > 1:
                begins = True
            elif (row.format, row.closed) != (current.format, current.closed):
                foreign = current.foreign(row, text, at)
                if foreign is not None:
                    return foreign
                begins = True
        if begins or current is None:
            late = self._close()
            if late is not None:
                return late
            if style.starts_at_zero and row.number:
                message = f"the list begins with entry {row.number}: the lines before it are missing"
                return Fault(MapCode.MISSING_INDEX, at, number_end(text, at), message)
            current = self.open = self._begin(style, row)
        self.total += 1
        if self.total > self.limits.descriptors:
            return beyond(self.limits, "descriptors", span=Span(self.source, start + at, start + len(text)))
        return current.add(row, text, at)

    def _begin(self, style: LineFormat, row: ParsedRow) -> ListBuilder:
        """A list that begins with ``row``; what was seen above it is used up."""
        size, step = (self.size, self.step) if row.format.is_announced else (None, None)
        begun = ListBuilder(style, row.format, row.closed, self.origin, size, step, row.number, row.number)
        self.size = self.step = None
        self.origin, self.ended = Origin.FIRMWARE, False
        return begun

    def _close(self) -> Diagnostic | None:
        """Close the list being read: does it hold what its header announced?"""
        current, self.open = self.open, None
        if current is None:
            return None
        self.listings.append(ListedMap(tuple(current.descriptors), current.format, current.origin))
        incomplete = current.incomplete()
        return self._diagnostic(*incomplete) if incomplete else None

    def _other(self, text: str, raw: str, start: int) -> int | Diagnostic:
        """Read a line that is no row: it may begin or end a list."""
        current = self.open
        if "memory map:" in text and _RUNTIME_LIST in text:
            self.ended, self.origin = True, Origin.KERNEL
        elif any(mark in text for mark in _NEW_BOOT):
            self.ended, self.origin = True, Origin.FIRMWARE
        elif "MemMap " in text and (size := _HEADER_SIZE.search(text)):
            self.ended = True
            found = Announced(int(size[2], 16), cleaned(Line(raw, start)), size.start(2), size.end(2))
            if size[1] is None:
                self.size = found
            else:
                self.step = found
        if current is None or not text or text.isspace():
            return 0
        current.gap = True
        style = current.style
        if style.header is not None and style.header.match(text):
            self.ended = True
        elif style.footer is not None and style.check_footer is not None and (foot := style.footer.match(text)):
            self.ended = True
            fault = style.check_footer(current.descriptors, foot)
            if fault is not None:
                return self._diagnostic(cleaned(Line(raw, start)), fault)
        return 0

    def _diagnostic(self, line: Line, fault: Fault) -> Diagnostic:
        span = Span(self.source, line.offset(fault.start), line.offset(fault.end))
        return Diagnostic(fault.code, fault.message, span, help=fault.help or remedy(fault.code))


def _stripped(line: Line) -> Line:
    length = len(line.text.rstrip())
    return Line(line.text[:length], line.start, line.origins and line.origins[:length])


def scan(source: Source, limits: Limits = STANDARD) -> tuple[ListedMap, ...] | Diagnostic:
    """All lists of a text in their order, or the first thing that is wrong with one; no list is a diagnostic too."""
    found = too_many_lines(source, limits) or _Scanner(source, limits).run()
    if isinstance(found, Diagnostic) or found:
        return found
    end = len(source.line(1)[:80])
    return Diagnostic(
        MapCode.NO_MAP,
        "no line of this input is a line of a memory map",
        Span(source, 0, end),
        help=remedy(MapCode.NO_MAP),
    )
