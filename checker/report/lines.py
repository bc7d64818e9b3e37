"""Lines of text with marks for what stands out: plain where they are piped, coloured on a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from enum import Enum, auto

from checker.base.values import frozen


class Style(Enum):
    """Reasons why a piece of text stands out."""

    PLAIN = auto()
    STRONG = auto()
    GOOD = auto()
    BAD = auto()
    UNSURE = auto()
    DIM = auto()


@frozen
class Piece:
    """Text in one style."""

    text: str
    style: Style = Style.PLAIN


@frozen
class Line:
    """A line, without its end."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The line without its styles."""
        return "".join(piece.text for piece in self.pieces).rstrip()


def line(*pieces: str | Piece) -> Line:
    """A line of pieces; strings are plain."""
    return Line(tuple(Piece(piece) if isinstance(piece, str) else piece for piece in pieces))


def plain(lines: Iterable[Line]) -> str:
    """The text of lines, each with its end."""
    return "".join(f"{each.text}\n" for each in lines)


def clean(text: str) -> str:
    """``text`` with nothing in it that could steer a terminal: what cannot be seen becomes U+FFFD."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in text)


def width(text: str) -> int:
    """Count the columns of a terminal that ``text`` fills."""
    return len(text) if text.isascii() else sum(_columns(c) for c in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def table(header: Sequence[str], rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> list[str]:
    """Aligned rows under their header; the columns in ``right`` are flush right."""
    widths = [max(width(row[column]) for row in (header, *rows)) for column in range(len(header))]

    def aligned(row: Sequence[str]) -> str:
        cells = []
        for column, cell in enumerate(row):
            space = " " * (widths[column] - width(cell))
            cells.append(space + cell if column in right else cell + space)
        return "  ".join(cells).rstrip()

    return [aligned(row) for row in (header, *rows)]
