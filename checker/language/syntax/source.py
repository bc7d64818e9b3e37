"""Bytes to text, and what is refused before anything is parsed: too large, not text, not UTF-8."""

from __future__ import annotations

import re

from checker.base.codes import LayoutCode
from checker.base.diagnostic import Diagnostic, Source, Span
from checker.language.elaborate.spending import Spending
from checker.language.syntax import tree as s

_TOKEN = re.compile(r'#[^\n]*|"[^"\n]*"|[A-Za-z0-9_]+|[^\s]')
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
CLOSING = {"{": "}", "(": ")", "[": "]"}


def decode(name: str, data: bytes, budget: Spending) -> Source | Diagnostic:
    """A file's bytes as text, or what is wrong with them. Raises `Rejected` where there are too many of them."""
    budget.spend("layout_bytes", len(data), Span(Source(name, ""), 0, 0))
    try:
        text = data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        source = Source(name, data.decode("utf-8", errors="replace"))
        start = len(data[: error.start].decode("utf-8"))
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        return Diagnostic(LayoutCode.NOT_UTF8, message, Span(source, start, start + 1), help="save the file as UTF-8")
    source = Source(name, text)
    wrong = _unprintable(source)
    if wrong is None:
        count_words(source, budget)
    return wrong or source


def comments(source: Source) -> tuple[s.Comment, ...]:
    """The comments of a text, in order."""
    return tuple(s.Comment(m[0].rstrip(), m.start()) for m in _TOKEN.finditer(source.text) if m[0][0] == "#")


def words(source: Source, end: int) -> list[Span]:
    """The words and signs of a text up to ``end``, without comments."""
    found = _TOKEN.finditer(source.text, 0, end)
    return [Span(source, match.start(), match.end()) for match in found if match[0][0] != "#"]


def unclosed(source: Source, end: int | None = None) -> Span | None:
    """The last bracket or brace that is opened and not closed before ``end`` (none: the end of the file)."""
    open_ones: list[re.Match[str]] = []
    for match in _TOKEN.finditer(source.text, 0, len(source.text) if end is None else end):
        if match[0] in CLOSING:
            open_ones.append(match)
        elif open_ones and match[0] == CLOSING[open_ones[-1][0]]:
            open_ones.pop()
    return Span(source, open_ones[-1].start(), open_ones[-1].end()) if open_ones else None


def _unprintable(source: Source) -> Diagnostic | None:
    found = _UNPRINTABLE.search(source.text)
    if found is None:
        return None
    place = Span(source, found.start(), found.end())
    message = f"character U+{ord(found[0]):04X} cannot be seen and means nothing here"
    return Diagnostic(LayoutCode.BAD_CHARACTER, message, place, help="remove it; only tabs and newlines may control")


def count_words(source: Source, budget: Spending) -> None:
    """Count the words, signs and comments of a text. Raises `Rejected` at the first that is too long or too many."""
    for match in _TOKEN.finditer(source.text):
        budget.spend("tokens", 1, place := Span(source, match.start(), match.end()))
        if match[0][0] == '"':
            budget.hold("text", len(match[0]) - 2, place)
        elif match[0][0] != "#":
            budget.hold("word", len(match[0]), place)
