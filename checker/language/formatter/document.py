"""Text that knows where it may be broken into lines; the formatter builds it and `render` prints it.

A document is a string, a tuple of documents, or one of the classes here. A `Group` is printed on one line where it
fits, and else each `Line` in it (but not in the groups inside) begins a new one.
"""

from __future__ import annotations

from typing import assert_never

from checker.base.values import frozen

INDENT = 4


@frozen
class Line:
    """``flat`` in a group that fits on its line, else a line break."""

    flat: str = " "


@frozen
class Fresh:
    """A line break, unless a line has just begun; with ``blank``, an empty line too."""

    blank: bool = False


@frozen
class Remark:
    """A comment: on a line of its own (``own``), or at the end of the line that was written last."""

    text: str
    own: bool


@frozen
class Nest:
    """One level further in."""

    body: Doc


@frozen
class Group:
    """On one line if it fits."""

    body: Doc


Doc = str | Line | Fresh | Remark | Nest | Group | tuple["Doc", ...]


def render(document: Doc, width: int) -> str:
    """The text, in lines of at most ``width`` columns where that can be had."""
    page = _Page()
    work: list[tuple[int, bool, Doc]] = [(0, False, document)]
    while work:
        indent, flat, doc = work.pop()
        match doc:
            case str():
                page.write(doc)
            case tuple():
                work += [(indent, flat, part) for part in reversed(doc)]
            case Nest(body=body):
                work.append((indent + INDENT, flat, body))
            case Group(body=body):
                following = [(rest_flat, rest) for _, rest_flat, rest in work[-_LOOK_AHEAD:]]
                work.append((indent, flat or _fits(body, following, width - page.column()), body))
            case Line(flat=text) if flat:
                page.write(text)
            case Line():
                page.begin_line(indent)
            case Fresh(blank=blank):
                page.begin_line(indent, blank)
            case Remark(text=text, own=own):
                page.comment(text, indent, own)
            case _:
                assert_never(doc)
    return page.text()


_LOOK_AHEAD = 40
"""The most documents after a group that may share its last line; more are never needed in practice."""


def _fits(body: Doc, following: list[tuple[bool, Doc]], room: int) -> bool:
    """Tell whether a group fits in ``room`` on one line, with what follows it up to the next line break."""
    work: list[tuple[bool, bool, Doc]] = [(False, flat, doc) for flat, doc in following]
    work.append((True, True, body))
    while work and room >= 0:
        inside, flat, doc = work.pop()
        match doc:
            case str():
                room -= len(doc)
            case tuple():
                work += [(inside, flat, part) for part in reversed(doc)]
            case Nest(body=part) | Group(body=part):
                work.append((inside, flat, part))
            case Line(flat=text) if flat:
                room -= len(text)
            case Line():
                return True
            case Fresh() | Remark():
                return not inside
            case _:
                assert_never(doc)
    return room >= 0


class _Page:
    """The lines printed so far."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._current = ""
        self._indent = 0
        self._commented = False

    def column(self) -> int:
        """The column of the next character."""
        return len(self._current) or self._indent

    def write(self, text: str) -> None:
        """Text on the current line, or on the next where a comment has ended this one."""
        if self._commented and self._current:
            self.begin_line(self._indent)
        if not self._current:
            text = text.lstrip()
            if not text:
                return
            self._commented = False
            self._current = " " * self._indent
        self._current += text

    def begin_line(self, indent: int, blank: bool = False) -> None:
        """A new line, unless this one is empty."""
        self._indent = indent
        if self._current:
            self._lines.append(self._current.rstrip())
            self._current = ""
        if blank and self._lines and self._lines[-1]:
            self._lines.append("")

    def comment(self, text: str, indent: int, own: bool) -> None:
        """A comment on a line of its own, or behind what was written last, if it can go there."""
        if not own and not self._commented:
            if self._current:
                self._current += f"  {text}"
                self._commented = True
                return
            if self._lines and self._lines[-1]:
                self._lines[-1] += f"  {text}"
                self._commented = True
                return
        self.begin_line(indent)
        self._current = " " * self._indent + text
        self._commented = True

    def text(self) -> str:
        """Everything, with a newline at the end of each line."""
        self.begin_line(0)
        return "".join(f"{line}\n" for line in self._lines)
