"""Diagnostics as text, with the line and a caret, and as JSON."""

from __future__ import annotations

from typing import Any

from checker.base.diagnostic import Diagnostic, Span
from checker.report.renderers.text import Line, Piece, Style, clean, line, width

_COLUMNS = 120
_TAB = 8
_BEFORE = 60
"""How much of a long line is left before the caret."""


def diagnostic_lines(diagnostic: Diagnostic) -> list[Line]:
    """``file:line:column: error[CODE]: message``, the line that it is about, and what helps."""
    span = diagnostic.span
    place = "" if span is None else f"{clean(span.source.name)}:{span.line}:{span.column}: "
    head = line(
        Piece(place, Style.STRONG),
        Piece(f"error[{diagnostic.code}]", Style.BAD),
        Piece(f": {clean(diagnostic.message)}", Style.STRONG),
    )
    notes = [line("  ", Piece("note: ", Style.STRONG), clean(note)) for note in diagnostic.notes]
    remedy = [line("  ", Piece("help: ", Style.GOOD), clean(diagnostic.help))] if diagnostic.help else []
    return [head, *(_excerpt(span) if span is not None else []), *notes, *remedy]


def json_diagnostic(diagnostic: Diagnostic) -> dict[str, Any]:
    """A diagnostic in JSON; lines and columns count from 1, the end is exclusive."""
    span = diagnostic.span
    place = None
    if span is not None:
        end = Span(span.source, span.end, span.end)
        place = {
            "file": span.source.name,
            "line": span.line,
            "column": span.column,
            "end_line": end.line,
            "end_column": end.column,
        }
    return {
        "code": str(diagnostic.code),
        "message": diagnostic.message,
        "span": place,
        "notes": list(diagnostic.notes),
        "help": diagnostic.help,
    }


def _excerpt(span: Span) -> list[Line]:
    """The first line that the span touches, cut to a screen's width, and the part of it that is meant underlined."""
    text = span.source.line(span.line)
    start = min(span.column - 1, len(text))
    end = max(start + 1, min(start + span.end - span.start, len(text)))
    before, marked, after = text[:start], text[start:end], text[end:]
    if len(before) + len(marked) + len(after) > _COLUMNS:
        if len(before) > _BEFORE:
            before = "..." + before[-_BEFORE + 3 :]
        if len(marked) > _COLUMNS - len(before):
            marked, after = marked[: max(1, _COLUMNS - len(before) - 3)] + "...", ""
        room = max(0, _COLUMNS - len(before) - len(marked))
        after = after if len(after) <= room else after[: max(0, room - 3)] + "..."
    before = _expanded(before, 0)
    marked = _expanded(marked, width(before))
    after = _expanded(after, width(before) + width(marked))
    number = str(span.line)
    margin = " " * len(number)
    underline = "^" + "~" * (width(marked) - 1)
    return [
        line(Piece(f" {number} | ", Style.DIM), before, Piece(marked, Style.STRONG), after),
        line(Piece(f" {margin} | ", Style.DIM), " " * width(before), Piece(underline, Style.BAD)),
    ]


def _expanded(text: str, column: int) -> str:
    """``text`` as it is shown from ``column`` on: tabs as spaces, and nothing that steers a terminal."""
    parts: list[str] = []
    for character in text:
        part = " " * (_TAB - column % _TAB) if character == "\t" else clean(character)
        parts.append(part)
        column += width(part)
    return "".join(parts)
