"""The grammar of a textual format: a row described piece by piece, so that a damaged row can say where and why.

A row is matched whole by one anchored pattern. Only when that fails are its pieces tried one after the other; the
piece that fails names what was expected at that place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from typing import NamedTuple

from checker.base.codes import MapCode
from checker.base.values import frozen
from checker.memmap.descriptor import ATTRIBUTES, PAGE_SIZE, TYPES, U64_MAX, Descriptor, Format, Origin
from checker.memmap.text.lines import body_start

TAIL = r"(?!\w|[-|.:]\w)"
"""The end of a row: what is part of a word or a number does not end there. What stands behind it is no part of it."""


@frozen
class Fault:
    """The mistake in a line: ``start`` and ``end`` are positions in its text."""

    code: MapCode
    start: int
    end: int
    message: str
    help: str = ""


class ParsedRow(NamedTuple):
    """A row that was read: its number in the list where the format has one, and how it prints ranges."""

    descriptor: Descriptor
    format: Format
    number: int | None = None
    closed: bool = True


@frozen
class Piece:
    """A stretch of a row: its pattern, what to call it, and the pattern of the characters that it may begin with."""

    pattern: str
    expects: str
    partial: str = ""


def word(text: str) -> Piece:
    """A piece that is always the same; blanks in it stand for any number of blanks."""
    pattern = re.escape(text).replace(r"\ ", " +")
    partial = ""
    for character in reversed(text):
        escaped = " +" if character == " " else re.escape(character)
        partial = f"(?:{escaped}{partial})?"
    return Piece(pattern, f"`{text.strip() or text}`", partial)


def hexadecimal(least: int, most: int = 16) -> Piece:
    """A group of ``least`` to ``most`` hexadecimal digits."""
    count = f"{least}" if least == most else f"{least} to {most}"
    return Piece(f"([0-9a-fA-F]{{{least},{most}}})", f"{count} hexadecimal digits", "[0-9a-fA-F]*")


def decimal(least: int = 1) -> Piece:
    """A group of decimal digits."""
    return Piece(f"([0-9]{{{least},20}})", "a decimal number", "[0-9]*")


BLANKS = Piece(" +", "a blank")
END = Piece(TAIL, "the end of the row")


class Grammar:
    """One way to print a row: the pieces in their order, the end of the line included."""

    def __init__(self, *pieces: Piece) -> None:
        self.pieces = (*pieces, END)
        self.strict = re.compile("".join(piece.pattern for piece in self.pieces))

    @cached_property
    def _steps(self) -> tuple[tuple[re.Pattern[str], re.Pattern[str], str], ...]:
        return tuple((re.compile(p.pattern), re.compile(p.partial), p.expects) for p in self.pieces)

    def fault(self, text: str, at: int) -> Fault:
        """Return the reason why ``text`` from ``at`` on is not such a row; for texts that ``strict`` refuses."""
        position = at
        for whole, partial, expects in self._steps:
            match = whole.match(text, position)
            if match is None:
                begun = partial.match(text, position)
                return _unexpected(text, position, begun.end() if begun else position, expects)
            position = match.end()
        return Fault(MapCode.MALFORMED, at, len(text), "this line of the map cannot be read")


def _unexpected(text: str, start: int, reached: int, expects: str) -> Fault:
    end = len(text.rstrip())
    if reached >= end:
        return Fault(MapCode.CUT, min(start, end), end, f"this line of the map is cut off: {expects} should follow")
    while reached < end and text[reached].isspace():
        reached += 1
    stop = next((at for at in range(reached + 1, min(end, reached + 40)) if text[at].isspace()), min(end, reached + 40))
    start += len(text[start:reached]) - len(text[start:reached].lstrip())
    return Fault(MapCode.MALFORMED, start, stop, f"expected {expects} here")


@frozen
class LineFormat:
    """A format that prints an entry on a line of its own.

    ``find`` answers where in a line a row begins, -1 for lines that are no rows. ``damaged`` finds rows
    whose beginning is destroyed, ``stub`` rows of which so little is left that they count only where a list is
    open. ``header`` is a line before a list. ``footer`` and
    ``check_footer`` belong to a summary below it. ``echo`` marks lines that may print a row a second time, ``dropped``
    rows that are no part of the map. ``words`` are those that a row may end in, as many as there are: a wrapped row may
    go on with them. ``lines`` is how many lines a row takes up at most, where that is more than one by design.
    ``merged`` is the line with which a printer says that it merged regions. ``origin`` says whose list it is, and
    ``title`` is a line above a list that says otherwise. ``count`` is a line above it with the number of
    entries, or with the bytes that all of them and that one takes.
    """

    grammars: tuple[Grammar, ...]
    find: Callable[[str], int]
    convert: Callable[[re.Match[str]], ParsedRow | Fault]
    stub: re.Pattern[str] | None = None
    header: re.Pattern[str] | None = None
    footer: re.Pattern[str] | None = None
    check_footer: Callable[[Sequence[Descriptor], re.Match[str]], Fault | None] | None = None
    damaged: Callable[[str], int] | None = None
    echo: re.Pattern[str] | None = None
    starts_at_zero: bool = True
    dropped: re.Pattern[str] | None = None
    words: Collection[str] = ()
    lines: int = 1
    merged: re.Pattern[str] | None = None
    origin: Origin = Origin.FIRMWARE
    title: tuple[re.Pattern[str], Origin] | None = None
    count: re.Pattern[str] | None = None

    def read(self, text: str, at: int) -> ParsedRow | Fault:
        """The row that begins at ``at``."""
        read: ParsedRow | Fault | None = None
        for grammar in self.grammars:
            match = grammar.strict.match(text, at)
            if match is not None:
                end = match.end()
                read = (self._behind(text[end:], match) if end < len(text) else None) or self.convert(match)
                break
        if read is None:
            read = max((grammar.fault(text, at) for grammar in self.grammars), key=lambda fault: fault.start)
        elision = ELISION.search(text, at) if isinstance(read, Fault) else None
        return read if elision is None else _elided(*elision.span())

    def _behind(self, tail: str, match: re.Match[str]) -> Fault | None:
        """A fault if what stands behind a row is more of the map: another row, or the rest of words that were left
        out."""
        if tail.isspace():
            return None
        start = match.end() + len(tail) - len(tail.lstrip())
        if self.find(tail) >= 0 or (self.damaged is not None and self.damaged(tail) >= 0):
            end = start + len(tail.split(maxsplit=1)[0])
            return Fault(MapCode.MALFORMED, start, end, "expected the end of the line here: a second row begins in it")
        if not self.words:
            return None
        elision = ELISION.match(tail.lstrip())
        if elision is not None:
            return _elided(start, start + elision.end())
        word = tail.split(maxsplit=1)[0]
        if word.upper().strip(".,;|") in (*self.words, "RUNTIME"):
            return Fault(MapCode.MALFORMED, start, start + len(word), "expected attribute names, or the end of the row")
        return None


ELISION = re.compile(r"\[?\.{3,}\]?|\[?\u2026\]?|[\[<(-]{0,8}snip(?:ped)?[\]>)-]{0,8}", re.IGNORECASE)
"""Signs that people put where they have left something out."""


def _elided(start: int, end: int) -> Fault:
    return Fault(MapCode.ELIDED, start, end, "something was left out of this line of the map")


def table(head: re.Pattern[str], body: re.Pattern[str]) -> Callable[[str], int]:
    """The function that finds a row of a table: at the beginning of a line, or behind a prefix that nobody foresaw if
    the line holds the ``body`` of a row. ``head`` is its beginning."""

    def find(text: str) -> int:
        start = body_start(text)
        if head.match(text, start):
            return start
        found = head.search(text) if body.search(text) else None
        return found.start() if found else -1

    return find


RANGE = re.compile(r"[0-9A-Fa-f]{16}-[0-9A-Fa-f]{16}")
"""The range of a row of most tables."""


def from_match(code: MapCode, match: re.Match[str], group: int, message: str, help: str = "") -> Fault:
    """A fault that points at a group of a matched row."""
    return Fault(code, match.start(group), match.end(group), message, help)


def pages_between(match: re.Match[str], first: int, *, closed: bool) -> int | Fault:
    """Pages of the range in groups ``first`` and ``first + 1``.

    The end is printed as ``phys_addr + (num_pages << 12)``, less one if ``closed``, in 64 bits: an empty entry at
    address 0 prints ``0xffffffffffffffff`` as its closed end, one that reaches the top of the address space prints 0
    as its open end.
    """
    start, end = int(match[first], 16), int(match[first + 1], 16)
    size = (end - start + closed) & U64_MAX
    if size % PAGE_SIZE:
        message = f"the range is {size:#x} bytes long, which is not a whole number of pages (0x1000 bytes)"
        if end + closed < start:
            message = "the range ends before it starts"
            return from_match(MapCode.END_BEFORE_START, match, first + 1, message)
        hint = "the last address should end in fff" if closed else "the end should be a multiple of 0x1000"
        return from_match(MapCode.PARTIAL_PAGE, match, first + 1, message, f"{hint}: copy the line again")
    if size and end + closed < start and (closed or end):
        return from_match(MapCode.END_BEFORE_START, match, first + 1, "the range ends before it starts")
    return size // PAGE_SIZE


def same_pages(match: re.Match[str], group: int, printed: int, pages: int) -> Fault | None:
    """A fault if the count printed in ``group`` is not that of the range."""
    if printed == pages:
        return None
    message = f"the row counts {printed:#x} pages, its range has {pages:#x}"
    return from_match(MapCode.PAGES_DISAGREE, match, group, message)


def attribute_words(match: re.Match[str], group: int, names: dict[str, int], separator: str | None) -> int | Fault:
    """The attribute word that the names in ``group`` spell; empty columns say nothing."""
    value = 0
    position = match.start(group)
    for part in match[group].split(separator) if match[group].strip() else ():
        name = part.strip()
        if not name:
            continue
        bit = names.get(name, 0)
        if not bit or value & bit:
            start = match.string.find(name, position)
            message = f"the attribute `{name}` is there twice" if bit else f"`{shown(name)}` is not an attribute"
            return Fault(MapCode.UNKNOWN_ATTRIBUTE, start, start + len(name), message, _names(names))
        value |= bit
        position = match.string.find(name, position) + len(name)
    return value


def unknown_type(match: re.Match[str], group: int, names: dict[str, int]) -> Fault:
    """The fault of a type name that is not in ``names``."""
    name = match[group].strip()
    start = match.string.find(name, match.start(group))
    message = f"`{shown(name)}` is not a memory type"
    return Fault(MapCode.UNKNOWN_TYPE, start, start + len(name), message, _names(names))


def named_type(match: re.Match[str], number: int, number_at: int, name_at: int, names: dict[str, int]) -> Fault | None:
    """A fault if the name in group ``name_at`` is not that of the type number in group ``number_at``."""
    name = match[name_at].strip()
    if name not in names:
        return None if number >= len(TYPES) else unknown_type(match, name_at, names)
    if names[name] == number:
        return None
    message = f"type {number} is not `{name}`, which is type {names[name]}"
    return from_match(MapCode.NAME_DISAGREES, match, number_at, message)


def table_stub(names: Collection[str], between: str = "[^0-9A-Fa-f]") -> re.Pattern[str]:
    """Find the rest of a row of a table: the begin of a name, a name and digits, or two numbers with no more than
    ``between`` between them."""
    full = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    begins = {re.escape(name[:length]) for name in names for length in range(1, len(name) + 1)}
    begun = "|".join(sorted(begins, key=len, reverse=True))
    digits = "[0-9A-Fa-f]"
    torn = rf"(?<![0-9A-Za-z]){digits}{{6,16}}{between}{digits}{{6,16}}(?![0-9A-Za-z])"
    return re.compile(rf"^\s*(?:{begun})$|^\s*(?:{full}) +{digits}{{0,16}}(?:-{digits}*)?$|^.{{0,40}}?{torn}")


def shown(text: str) -> str:
    """A piece of the input as a message may hold it: no control characters, and not too long."""
    printable = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
    return printable if len(printable) <= 60 else printable[:57] + "..."


def _names(names: dict[str, int]) -> str:
    return "the names are " + ", ".join(names)


SHORT_ATTRIBUTES = {name: bit for name, bit in ATTRIBUTES.items() if "_" not in name and name != "RUNTIME"}
"""The attribute names that every printer shares."""
