"""Files as an editor has them open: their texts, what is understood of them, and what was when they were last right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from checker import library
from checker.base.diagnostic import Diagnostic, Source, Span
from checker.base.values import frozen
from checker.language import Desk, Study, study, syntax_only
from checker.language.elaborate.scope import Named
from checker.language.syntax import tree as s
from checker.language.syntax.mistakes import ITEMS

_WORD = re.compile(r"\w+")
_ITEM = re.compile(rf"^(?:{'|'.join(ITEMS)})\b", re.MULTILINE)
_WORD_BEFORE = re.compile(r"\w*\Z")


@frozen
class Document:
    """A file as it is now. ``good`` is what it was when all of it was understood, if ever: who types breaks a file
    all the time, and still wants to be told of the rest of it."""

    path: Path
    source: Source
    study: Study
    good: Study | None

    @property
    def text(self) -> str:
        """The text, with lines that end as this language knows it."""
        return self.source.text


@frozen
class Found:
    """A word of a document that stands for something, at its place there, and the reading that says so."""

    place: Span
    named: Named
    study: Study


def open_document(path: Path, text: str, desk: Desk, before: Document | None = None) -> Document:
    """Read a file that has a text in an editor; ``before`` is what it was."""
    source = Source(str(path), normal(text))
    found = study(source.name, encoded(text), (path.parent, *library.search_path()), desk)
    good = found if found.names is not None and not found.wrong else before.good if before is not None else None
    return Document(path, source, found, good)


def normal(text: str) -> str:
    """A text as this language knows it: an editor may end its lines otherwise."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def encoded(text: str) -> bytes:
    """The bytes of a text, as if it had been saved."""
    return normal(text).encode("utf-8", errors="replace")


def word_at(text: str, offset: int) -> tuple[int, str]:
    """The word in which an offset lies, or at whose end, and where it begins; empty if there is none."""
    begin = _WORD_BEFORE.search(text, 0, offset)
    start = begin.start() if begin is not None else offset
    match = _WORD.match(text, start)
    return (start, match[0]) if match is not None else (offset, "")


def found_at(document: Document, offset: int) -> Found | None:
    """The word at an offset, if it stands for something now, or did in a text that was understood."""
    start, word = word_at(document.text, offset)
    for reading in _readings(document):
        assert reading.names is not None
        old = reading.names.source.text
        named = reading.names.at.get(moved(start, document.text, old))
        if named is not None and named.place.text == word:
            return Found(Span(document.source, start, start + len(word)), named, reading)
    return None


def all_named(document: Document) -> Iterator[Found]:
    """All words that stand for something, at the places that they have now; the latest reading comes first."""
    for reading in _readings(document):
        assert reading.names is not None
        old = reading.names.source.text
        for named in reading.names.at.values():
            start = moved(named.place.start, old, document.text)
            place = Span(document.source, start, start + len(named.place.text))
            if place.text == named.place.text:
                yield Found(place, named, reading)


def place_now(document: Document, place: Span) -> Span:
    """Return the place where one of a reading of the document is now; a place in another file is there."""
    if place.source.name != document.source.name:
        return place
    start = moved(place.start, place.source.text, document.text)
    return Span(document.source, start, start + place.end - place.start)


def _readings(document: Document) -> list[Study]:
    readings = [document.study] if document.study.names is not None else []
    if document.good is not None and document.good is not document.study:
        readings.append(document.good)
    return readings


def moved(offset: int, old: str, new: str) -> int:
    """Return the offset in a text that was made from another one by replacing a stretch of it."""
    if old == new:
        return offset
    head, tail = _same(old, new)
    if offset <= head:
        return offset
    return offset + len(new) - len(old) if offset >= len(old) - tail else min(offset, len(new) - tail)


@lru_cache(maxsize=8)
def _same(old: str, new: str) -> tuple[int, int]:
    """Count the characters that two texts have in common at their beginning, and at their end behind that."""
    most = min(len(old), len(new))
    head = next((i for i in range(most) if old[i] != new[i]), most)
    tail = next((i for i in range(most - head) if old[-1 - i] != new[-1 - i]), most - head)
    return head, tail


@lru_cache(maxsize=32)
def tree_of(source: Source) -> s.Module | None:
    """The syntax tree of a text that was understood."""
    tree = syntax_only(source.name, source.text.encode())
    return None if isinstance(tree, Diagnostic) else tree


def item_at(document: Document, offset: int) -> tuple[int, int]:
    """The stretch of the text from the beginning of the item at an offset to that of the next one; by its words, since
    it may not be understood."""
    begins = [match.start() for match in _ITEM.finditer(document.text)]
    start = max((each for each in begins if each <= offset), default=0)
    return start, min((each for each in begins if each > offset), default=len(document.text))
