"""The lists of a log: which rows belong together, and whether any is missing, repeated or foreign."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic, Source, Span
from checker.base.values import frozen
from checker.memmap.descriptor import Origin
from checker.memmap.files import too_many_lines
from checker.memmap.formats import LINE_FORMATS, SIDE_FORMATS
from checker.memmap.limits import STANDARD, Limits, beyond
from checker.memmap.remedies import remedy
from checker.memmap.reservations import NO_SURROUNDINGS, Surroundings
from checker.memmap.text.lines import MAX_WRAPS, Line, behind_prefix, body_start, cleaned, continuations, outline, plain
from checker.memmap.text.list_builder import Announced, ListBuilder, ListedMap, number_end, without_quotations
from checker.memmap.text.row_grammar import ELISION, Fault, LineFormat, ParsedRow
from checker.memmap.text.sign_collector import SignCollector, signs_of_list

_RUNTIME_LIST = "EFI runtime memory map:"
_NEW_BOOT = ("Linux version ", "Processing EFI memory map:")
_FINDERS = (
    *((style, style.find) for style in LINE_FORMATS),
    *((style, style.damaged) for style in LINE_FORMATS if style.damaged is not None),
)
"""The functions that find a row in a line: whole rows of all formats first. Most lines have none, so all are asked."""

_DROPPED = tuple(style.dropped for style in LINE_FORMATS if style.dropped)
_ROW_LIKE = re.compile(r"[0-9A-Fa-f]{4}|mem[0-9]|0x|\{|\[#|, *Efi")
"""A line in which a row of whatever format begins has one of these. Most lines of a text have none."""

_TITLED = tuple(style for style in LINE_FORMATS if style.title or style.count)
_SHORTEST = 6
"""The characters of the shortest line of letters and digits that says anything of a list: that is a header."""

_ASKED = re.compile(r"\befi=(?:\w+,)*debug\b")
_HEADER_SIZE = re.compile(r"MemMap\s*(Desc[. ]*)?Size\s*[:=]\s*0x([0-9a-fA-F]{1,16})")


@frozen
class Scanned:
    """The lists of a text, the first row that a kernel threw away, the first line by which firmware is named, whether
    the kernel was ``asked`` to print its map, and what the last boot tells beside it."""

    lists: tuple[ListedMap, ...]
    dropped: Span | None = None
    banner: Span | None = None
    asked: bool = False
    told: Surroundings = NO_SURROUNDINGS


class _Scanner:
    """Reads the lines of one source; lives as long as one call of ``scan``.

    ``open`` is the list that is being read, ``citation`` the rows below it that are there already, and ``side`` holds
    the lists of what is no map, which may stand anywhere.
    """

    def __init__(self, source: Source, limits: Limits, formats: Sequence[LineFormat] | None) -> None:
        self.source = source
        self.limits = limits
        self.formats = LINE_FORMATS if formats is None else formats
        self.finders = _FINDERS if formats is None else tuple((style, style.find) for style in formats)
        self.lines = source.text.split("\n")
        self.listings: list[ListedMap] = []
        self.open: ListBuilder | None = None
        self.citation: ListBuilder | None = None
        self.side: dict[LineFormat, ListBuilder] = {}
        self.origin = Origin.FIRMWARE
        self.ended = False
        self.total = 0
        self.size: Announced | None = None
        self.step: Announced | None = None
        self.signs = SignCollector(source)
        self.dropped: Span | None = None
        self.banner: Span | None = None
        self.asked = False

    def run(self) -> Scanned | Diagnostic:
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
            if len(self.listings) > self.limits.lists:
                return beyond(self.limits, "lists", span=Span(self.source, start, start + 1))
            skip = outcome
        self._close()
        self._close_side()
        found = self._signed(without_quotations(self.listings))
        return Scanned(found, self.dropped, self.banner, self.asked, self.signs.told(-1))

    def _signed(self, listings: Sequence[ListedMap]) -> tuple[ListedMap, ...]:
        """The maps in their order, then what is none, with what is told of the boots that they are of."""
        made = {each.boot: each.descriptors for each in reversed(listings) if each.origin is Origin.KERNEL}
        told = cache(self.signs.told)
        signed = []
        for each in sorted(listings, key=lambda one: (one.origin.is_derived, one.place.start if one.place else 0)):
            of_list = signs_of_list(each.descriptors, each.format, each.origin, made.get(each.boot, ()))
            if each.format.is_linux_log or each.origin.is_derived:
                signs = self.signs.of(each.boot).or_else(of_list)
                signed.append(replace(each, signs=signs, told=told(each.boot)))
            else:
                signed.append(replace(each, signs=of_list))
        return tuple(signed)

    def _line(self, number: int, raw: str, start: int) -> int | Diagnostic:
        """Read one line; answers how many of the following lines were its continuation."""
        text = plain(raw)
        style, at = self._style(text)
        if style is None:
            stub = self._stub(text)
            if stub is None:
                return self._other(text, raw, start)
            return self._diagnostic(cleaned(Line(raw, start)), stub)
        row: ParsedRow | Fault | None = style.read(text, at)
        taken = 0
        if isinstance(row, Fault) or (style.words and row is not None):
            mended = next(self._wrapped(style, number, cleaned(Line(raw, start)), row), None)
            if mended is not None:
                row, taken = mended
        if isinstance(row, Fault):
            if self._is_mentioned(style, text, at):
                return 0
            return self._diagnostic(cleaned(Line(raw, start)), row)
        if row is None:
            self.dropped = self.dropped or Span(self.source, start, start + len(raw.rstrip()))
            return taken
        problem = self._add(style, row, text, at, start)
        if isinstance(problem, Fault):
            return self._diagnostic(cleaned(Line(raw, start)), problem)
        return taken if problem is None else problem

    def _is_mentioned(self, style: LineFormat, text: str, at: int) -> bool:
        """Tell whether what is not quite a row speaks of one of the open list, away from it: below other lines, or
        behind words."""
        current = self.open
        if current is None or self.ended or current.style is not style:
            return False
        away = current.gap or outline(text[:at]) != outline(current.last[: current.at])
        return away and current.mentions(text, at)

    def _style(self, text: str) -> tuple[LineFormat | None, int]:
        """The format that claims the line, and where its row begins; the open list's format is asked first."""
        current = self.open
        if current is not None and (at := current.style.find(text)) >= 0:
            return current.style, at
        if self.formats is LINE_FORMATS and _ROW_LIKE.search(text) is None:
            return None, -1
        for style, find in self.finders:
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
        found = current.style.stub.search(text.rstrip()) or current.style.stub.search(text.rstrip()[current.at :])
        if found is None:
            return None
        start = text.find(found[0]) + found.start(found.lastindex or 0) - found.start()
        start += len(text[start:]) - len(text[start:].lstrip())
        fault = current.style.read(text, start)
        if isinstance(fault, Fault) and (fault.start > start or fault.code is MapCode.CUT):
            return fault
        end = len(text.rstrip())
        return Fault(MapCode.CUT, start, end, "only a piece is left of this line of the map")

    def _wrapped(
        self, style: LineFormat, number: int, line: Line, read: ParsedRow | Fault
    ) -> Iterator[tuple[ParsedRow | None, int]]:
        """The row that begins in ``line`` and goes on in the next lines, if there is one; None for one that the kernel
        threw away."""
        if style.dropped is not None and style.dropped.search(line.text):
            yield None, 0
            return
        begun = [line]
        start = line.start + len(self.lines[number]) + 1
        at = style.find(line.text)
        for taken in range(1, max(MAX_WRAPS, style.lines - 1) + 1):
            if number + taken >= len(self.lines):
                return
            raw = self.lines[number + taken].rstrip("\r")
            if len(raw) > self.limits.line or any(other.find(raw) >= 0 for other in self.formats):
                return
            following = cleaned(Line(raw, start))
            rest = following.tail(behind_prefix(line.text[: max(at, 0)], following.text))
            if isinstance(read, ParsedRow) and not _goes_on(style, rest.text):
                return
            start += len(self.lines[number + taken]) + 1
            if style.lines > 1:
                begun = [begun[0].joined(rest.stripped(), " ")]
            else:
                begun = [longer for shorter in begun for longer in continuations(shorter.stripped(), rest)]
            for longer in begun:
                if style.dropped is not None and style.dropped.search(longer.text):
                    yield None, taken
                at = style.find(longer.text)
                row = style.read(longer.text, at) if at >= 0 else None
                if isinstance(row, ParsedRow):
                    yield row, taken

    def _add(self, style: LineFormat, row: ParsedRow, text: str, at: int, start: int) -> Fault | Diagnostic | None:
        """Put a row, which is of the line that begins at ``start``, into the list that it belongs to."""
        self.total += 1
        if self.total > self.limits.descriptors:
            return beyond(self.limits, "descriptors", span=self._place(text, at, start))
        current = self.open
        if current is not None and not self.ended:
            if current.cites(row, self.citation is not None):
                if self.citation is None or row.number not in (None, self.citation.next):
                    self.citation = ListBuilder.begun(
                        style, row, self._place(text, at, start), current.origin, current.boot
                    )
                return self.citation.add(row, text, at, start)
            if (citation := self.citation) is not None:
                self.citation = None
                if row.number is None or row.number != current.next:
                    self._close()
                    current = self.open = citation
            elif current.gap and row.number != current.next and self._is_of_another(row):
                return None
        if current is None or self.ended or current.ends_before(row):
            current = self._begin(style, row, text, at, start)
        elif (row.format, row.closed) != (current.format, current.closed):
            foreign = current.foreign(row, text, at)
            if foreign is not None:
                return foreign
            current = self._begin(style, row, text, at, start)
        if current.elided is not None and row.number is None:
            return current.elided
        return current.add(row, text, at, start)

    def _is_of_another(self, row: ParsedRow) -> bool:
        """Tell whether a row is one of a list above the open one, by its number: what people cite is of the first."""
        return row.number is not None and any(
            each.format == row.format and each.has(row.number, row.descriptor) for each in self.listings
        )

    def _place(self, text: str, at: int, start: int) -> Span:
        """The place of what begins at ``at`` of a line that begins at ``start``."""
        return Span(self.source, start + at, start + len(text.rstrip()))

    def _begin(self, style: LineFormat, row: ParsedRow, text: str, at: int, start: int) -> ListBuilder:
        """Begin a list with ``row``; what was seen above it is used up."""
        self._close()
        place = self._place(text, at, start)
        begun = ListBuilder.begun(style, row, place, self.origin, self.signs.boot_of_list())
        if row.format.is_announced:
            begun.size, begun.step = self.size, self.step
        self.size = self.step = None
        self.origin, self.ended = Origin.FIRMWARE, False
        if style.starts_at_zero and row.number:
            message = f"the list begins with entry {row.number}: the lines before it are missing"
            fault = Fault(MapCode.MISSING_INDEX, at, number_end(text, at), message)
            begun.fault = self._diagnostic(Line(text, start), fault)
        self.open = begun
        return begun

    def _close(self) -> None:
        """Close the list being read: does it hold what its header announced? What is no map and stands behind it goes
        with it, and not with the next one."""
        current, self.open, self.citation = self.open, None, None
        if current is None:
            return
        self._close_side()
        incomplete = current.incomplete()
        if current.fault is None and incomplete is not None:
            current.fault = self._diagnostic(*incomplete)
        self.listings += current.listed()

    def _other(self, text: str, raw: str, start: int) -> int | Diagnostic:
        """Read a line that is no row: it may begin or end a list, or be a sign."""
        current = self.open
        self.signs.note(text, start)
        if "efi=" in text and _ASKED.search(text):
            self.asked = True
        if "efi: EFI v" in text:
            self.banner = self.banner or Span(self.source, start, start + len(raw.rstrip()))
        if "memory map:" in text and _RUNTIME_LIST in text:
            self.ended, self.origin = True, Origin.KERNEL
        elif any(mark in text for mark in _NEW_BOOT):
            self.ended, self.origin = True, Origin.FIRMWARE
            if "Linux" in text:
                self._close_side()
        elif "MemMap" in text and (size := _HEADER_SIZE.search(text)):
            self.ended = True
            found = Announced(int(size[2], 16), cleaned(Line(raw, start)), size.start(2), size.end(2))
            if size[1] is None:
                self.size = found
            else:
                self.step = found
        if len(text) < _SHORTEST and text.isalnum():
            if current is not None:
                current.gap = True
            return 0
        if self.dropped is None and any(pattern.search(text) for pattern in _DROPPED):
            self.dropped = Span(self.source, start, start + len(raw.rstrip()))
        for titled in _TITLED:
            self._title(titled, text, raw, start)
        beside = self._beside(text, start)
        if beside is not None:
            return beside
        if current is None or not text or text.isspace():
            return 0
        current.gap = True
        style = current.style
        if style.header is not None and style.header.search(text):
            self.ended = True
        elif style.footer is not None and style.check_footer is not None and (foot := style.footer.search(text)):
            self.ended = True
            fault = style.check_footer(current.descriptors, foot)
            if fault is not None:
                return self._diagnostic(cleaned(Line(raw, start)), fault)
        elif style.merged is not None and style.merged.search(text):
            current.merged = Span(self.source, start, start + len(raw.rstrip()))
        elif (gap := ELISION.fullmatch(text[body_start(text) :].strip())) is not None:
            at = text.find(gap[0])
            fault = Fault(MapCode.ELIDED, at, at + len(gap[0]), "lines of the map were left out here")
            current.elided = self._diagnostic(cleaned(Line(raw, start)), fault)
        return 0

    def _title(self, style: LineFormat, text: str, raw: str, start: int) -> None:
        """Read a line that may say what the list below it is, or how many entries that has."""
        if style.title is not None and style.title[0].search(text):
            self.ended, self.origin = True, style.title[1]
        if style.count is not None and (count := style.count.search(text)):
            self.ended = True
            self.size = Announced(int(count[1], 16), cleaned(Line(raw, start)), count.start(1), count.end(1))
            self.step = Announced(int(count[2], 16) if count.re.groups > 1 else 1, self.size.line, 0, 0)

    def _beside(self, text: str, start: int) -> Diagnostic | None:
        """Read a row of a list that is no map of firmware; it may stand anywhere, and what is wrong with it counts only
        for who asks for that list."""
        for style in SIDE_FORMATS if self.formats is LINE_FORMATS else ():
            at = style.find(text)
            if at < 0:
                continue
            row = style.read(text, at)
            place = self._place(text, at, start)
            begun = self.side.get(style)
            self.total += 1
            if self.total > self.limits.descriptors:
                return beyond(self.limits, "descriptors", span=place)
            if isinstance(row, Fault):
                if begun is not None and begun.fault is None:
                    begun.fault = self._diagnostic(Line(text, start), row)
            elif begun is None:
                begun = self.side[style] = ListBuilder.begun(style, row, place, style.origin, self.signs.boot_of_list())
                begun.descriptors.append(row.descriptor)
            else:
                begun.descriptors.append(row.descriptor)
            break
        return None

    def _close_side(self) -> None:
        """Close the lists that are no maps: a kernel prints each once."""
        self.listings += [listed for each in self.side.values() for listed in each.listed()[:1]]
        self.side = {}

    def _diagnostic(self, line: Line, fault: Fault) -> Diagnostic:
        span = Span(self.source, line.offset(fault.start), line.offset(fault.end))
        return Diagnostic(fault.code, fault.message, span, help=fault.help or remedy(fault.code))


def _goes_on(style: LineFormat, text: str) -> bool:
    """Tell whether a line holds nothing but words that a row of the line above it may end in."""
    words = text.replace("|", " ").split()
    return bool(words) and all(word in style.words for word in words)


def scan(
    source: Source, limits: Limits = STANDARD, formats: Sequence[LineFormat] | None = None
) -> Scanned | Diagnostic:
    """All lists of a text in their order, or the first line that is wrong; of ``formats`` alone, if these are given."""
    return too_many_lines(source, limits) or _Scanner(source, limits, formats).run()
