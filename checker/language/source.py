"""Bytes to text, and what is refused before anything is parsed: too large, not text, not UTF-8."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from checker.diagnostic import Diagnostic, Source, Span
from checker.language import syntax as s
from checker.language.codes import Code

MAX_BYTES = 1 << 20
"""Largest `.layout` file that is read, in bytes: no model comes near it, and a hostile file must not take minutes."""

MAX_TOKENS = 40_000
"""How many words and signs one file may have, comments apart; bounds the time and memory that parsing takes."""

MAX_NAME = 80
"""Longest name, in characters."""

_TOKEN = re.compile(r'#[^\n]*|"[^"\n]*"|[A-Za-z0-9_]+|[^\s]')
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_CLOSING = {"{": "}", "(": ")", "[": "]"}


def decode(name: str, data: bytes) -> Source | Diagnostic:
    """A file's bytes as text, or what is wrong with them."""
    if len(data) > MAX_BYTES:
        message = f"this file has more than {MAX_BYTES} bytes, the most that a `.layout` file may have"
        return Diagnostic(Code.FILE_TOO_LARGE, message, Span(Source(name, ""), 0, 0), help="split it into modules")
    try:
        text = data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        source = Source(name, data.decode("utf-8", errors="replace"))
        start = len(data[: error.start].decode("utf-8"))
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        return Diagnostic(Code.NOT_UTF8, message, Span(source, start, start + 1), help="save the file as UTF-8")
    source = Source(name, text)
    return _unprintable(source) or _too_many(source) or source


def comments(source: Source) -> tuple[s.Comment, ...]:
    """The comments of a text, in order."""
    return tuple(s.Comment(m[0].rstrip(), m.start()) for m in _TOKEN.finditer(source.text) if m[0][0] == "#")


def unclosed(source: Source) -> Span | None:
    """The last bracket or brace that is opened and never closed."""
    open_ones: list[re.Match[str]] = []
    for match in _TOKEN.finditer(source.text):
        if match[0] in _CLOSING:
            open_ones.append(match)
        elif open_ones and match[0] == _CLOSING[open_ones[-1][0]]:
            open_ones.pop()
    return Span(source, open_ones[-1].start(), open_ones[-1].end()) if open_ones else None


def _unprintable(source: Source) -> Diagnostic | None:
    found = _UNPRINTABLE.search(source.text)
    if found is None:
        return None
    place = Span(source, found.start(), found.end())
    message = f"character U+{ord(found[0]):04X} cannot be seen and means nothing here"
    return Diagnostic(Code.BAD_CHARACTER, message, place, help="remove it; only tabs and newlines may control")


def _too_many(source: Source) -> Diagnostic | None:
    words: Iterator[re.Match[str]] = (m for m in _TOKEN.finditer(source.text) if m[0][0] != "#")
    count = 0
    for match in islice(words, MAX_TOKENS + 1):
        count += 1
        if len(match[0]) > MAX_NAME and match[0][0] != '"':
            place = Span(source, match.start(), match.end())
            message = f"a word of {len(match[0])} characters"
            return Diagnostic(Code.TOO_MANY, message, place, help=f"names have at most {MAX_NAME} characters")
    if count <= MAX_TOKENS:
        return None
    place = Span(source, match.start(), match.end())
    message = f"more than {MAX_TOKENS} words and signs in one file"
    return Diagnostic(Code.TOO_MANY, message, place, help="split it into modules")
