"""Remarks on an input, as values: how bad it is, a code, places, a message and a remedy.

Every room that reads input (``language``, ``memmap``, ``handover``) answers with diagnostics instead of raising;
``report`` draws them.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import field
from enum import StrEnum
from functools import cached_property
from typing import Protocol

from checker.base.values import frozen

_SHORT = 400
"""Characters of a text that a message repeats at most."""


@frozen
class Source:
    """A text that was read, with the name under which the user knows it (a path, ``-``, a module name)."""

    name: str
    text: str = field(repr=False)
    edition: str = ""
    """The difference between the text and the file of this name, in words; empty where there is none."""

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """Offsets, in characters, at which the lines of the text begin."""
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return tuple(starts)

    def line(self, number: int) -> str:
        """The text of line ``number`` (from 1), without its end-of-line characters; empty past the end."""
        if not 1 <= number <= len(self.line_starts):
            return ""
        start = self.line_starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start : len(self.text) if end < 0 else end].rstrip("\r")


@frozen
class Span:
    """A stretch of a source: character offsets, ``end`` exclusive."""

    source: Source
    start: int
    end: int

    @property
    def line(self) -> int:
        """The line number of the first character, from 1."""
        return bisect_right(self.source.line_starts, self.start)

    @property
    def column(self) -> int:
        """The column of the first character, from 1."""
        return self.start - self.source.line_starts[self.line - 1] + 1

    @property
    def on_line(self) -> str:
        """The file and the line, and which edition of the file it is if that is another than the one with its name."""
        edition = f" ({self.source.edition})" if self.source.edition else ""
        return f"{self.source.name}:{self.line}{edition}"

    @property
    def text(self) -> str:
        """The characters that the span covers."""
        return self.source.text[self.start : self.end]

    @property
    def short(self) -> str:
        """The same on one line, cut off if it is long."""
        flat = " ".join(self.source.text[self.start : min(self.end, self.start + 4 * _SHORT)].split())
        return flat if len(flat) <= _SHORT and self.end - self.start <= 4 * _SHORT else f"{flat[: _SHORT - 3]}..."

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of ``other``, in the same source."""
        return Span(self.source, self.start, max(self.end, other.end))


NOWHERE = Span(Source("", ""), 0, 0)
"""The place of what stands in no file."""


class Severity(StrEnum):
    """A degree: an ``ERROR`` is why something was refused or failed, a ``WARNING`` may be one, a ``NOTE`` is not."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@frozen
class LabelledSpan:
    """Another place that a diagnostic is about, and what is there."""

    span: Span
    label: str


class Region(Protocol):
    """An entry of a memory map, as far as a diagnostic can be about one."""

    @property
    def type(self) -> int:
        """Number of its memory type."""

    @property
    def phys_addr(self) -> int:
        """Physical address at which it begins."""

    @property
    def num_pages(self) -> int:
        """Number of pages of 4 KiB."""

    @property
    def attribute(self) -> int:
        """Attribute word."""

    @property
    def virt_addr(self) -> int:
        """Virtual address, 0 for none."""


@frozen
class Diagnostic:
    """One thing that there is to say of an input.

    ``code`` is stable and has a page in the documents; ``help`` says how to mend it; ``span`` is ``None`` only where
    there is no text to point at (a file that cannot be opened). ``places`` are what else in a text it is about,
    ``regions`` the entries of a memory map, in the order of the map.
    """

    code: str
    message: str
    span: Span | None = None
    notes: tuple[str, ...] = ()
    help: str = ""
    severity: Severity = Severity.ERROR
    places: tuple[LabelledSpan, ...] = ()
    regions: tuple[Region, ...] = ()


class Rejected(Exception):
    """Carries a diagnostic out of a deep recursion to the edge of a room, where it becomes a value again."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def reject(
    code: str,
    message: str,
    span: Span,
    help: str,
    notes: tuple[str, ...] = (),
    places: tuple[LabelledSpan, ...] = (),
) -> Rejected:
    """Shorthand for the exception that carries a diagnostic to the edge of the room."""
    return Rejected(Diagnostic(code, message, span, notes, help, places=places))
