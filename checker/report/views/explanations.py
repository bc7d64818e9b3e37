"""Pages on codes, as lines."""

from __future__ import annotations

from collections.abc import Sequence

from checker.library import Explanation
from checker.report.lines import Line, Piece, Style, line


def explanation_lines(found: Sequence[Explanation]) -> list[Line]:
    """Return the whole page on a code; of several, a line each."""
    if len(found) > 1:
        return [line(Piece(f"{each.code.value}  ", Style.STRONG), each.code.meaning) for each in found]
    return [text for each in found for text in _page(each)]


def _page(explanation: Explanation) -> list[Line]:
    lines = [line(Piece(explanation.code.value, Style.STRONG), f": {explanation.code.meaning}"), line()]
    inside = False
    for text in explanation.text.splitlines():
        if text.startswith("```"):
            inside = not inside
        elif inside:
            lines.append(line(f"    {text}"))
        else:
            lines.append(line(text.replace("**", "")))
    return lines
