"""Diagnostics as text, with the line and a caret, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from checker.base.diagnostic import Diagnostic, Severity, Span
from checker.report.lines import Line, Piece, Style, clean, line, width
from checker.report.shapes.common import DiagnosticShape, PlaceShape, SpanShape

_COLUMNS = 120
_TAB = 8
_BEFORE = 60
"""Columns of a long line that are left before the caret."""


_STYLES = {Severity.ERROR: Style.BAD, Severity.WARNING: Style.UNSURE, Severity.NOTE: Style.DIM}


def diagnostic_lines(diagnostic: Diagnostic) -> list[Line]:
    """Draw ``file:line:column: error[CODE]: message``, the lines that it is about, and what helps."""
    span = diagnostic.span
    head = line(
        Piece("" if span is None else f"{_at(span)}: ", Style.STRONG),
        severity_piece(diagnostic),
        Piece(f": {clean(diagnostic.message)}", Style.STRONG),
    )
    others = []
    for place in diagnostic.places:
        others += [line("  ", Piece(f"{_at(place.span)}: ", Style.STRONG), clean(place.label)), *_excerpt(place.span)]
    notes = [line("  ", Piece("note: ", Style.STRONG), clean(note)) for note in diagnostic.notes]
    remedy = [line("  ", Piece("help: ", Style.GOOD), clean(diagnostic.help))] if diagnostic.help else []
    return [head, *(_excerpt(span) if span is not None else []), *others, *notes, *remedy]


def severity_piece(diagnostic: Diagnostic) -> Piece:
    """Draw how bad it is, and the code."""
    return Piece(f"{diagnostic.severity}[{diagnostic.code}]", _STYLES[diagnostic.severity])


def _at(span: Span) -> str:
    return f"{clean(span.source.name)}:{span.line}:{span.column}"


def problems_text(problems: Sequence[Diagnostic]) -> str:
    """The first of what kept a command from doing all that it was asked for, and the number of the others; empty where
    there is nothing. It is part of a line that sums up, which must not say that all is well then."""
    if not problems:
        return ""
    first = problems[0]
    at = "" if first.span is None else f"{_at(first.span)}: "
    more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
    return f"NOT all was done: {at}{clean(' '.join(first.message.split()))} [{first.code}]{more}"


def json_diagnostic(diagnostic: Diagnostic) -> DiagnosticShape:
    """Put a diagnostic into its shape; lines and columns count from 1, the end is exclusive."""
    return DiagnosticShape(
        diagnostic.severity.value,
        str(diagnostic.code),
        diagnostic.message,
        None if diagnostic.span is None else SpanShape(*_bounds(diagnostic.span)),
        [PlaceShape(*_bounds(each.span), each.label) for each in diagnostic.places],
        list(diagnostic.notes),
        diagnostic.help,
    )


def _bounds(span: Span) -> tuple[str, int, int, int, int]:
    end = Span(span.source, span.end, span.end)
    return span.source.name, span.line, span.column, end.line, end.column


def _excerpt(span: Span) -> list[Line]:
    """The first line that the span touches, cut to a screen's width, and the part of it that is meant underlined; none
    of a text in which there is nothing."""
    if not span.source.text.strip():
        return []
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
