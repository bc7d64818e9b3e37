"""Places of names: where they are declared and used, and how they are changed everywhere at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from checker import library
from checker.base.diagnostic import Span
from checker.base.values import frozen
from checker.language import SUFFIX, Desk
from checker.lsp.documents import Document, all_named, encoded, found_at, open_document, place_now

_MOST_FILES = 200
"""Files beside one in which the use of its names is looked for."""
_NAME = re.compile(r"[A-Za-z_]\w*")


@frozen
class Refused:
    """The reason why a name is not changed."""

    why: str


def definition(document: Document, offset: int) -> Span | None:
    """The place where the name at an offset is declared; it may be in another file."""
    found = found_at(document, offset)
    if found is None or found.named.declared is None:
        return None
    return place_now(document, found.named.declared)


def references(document: Document, offset: int) -> list[Span]:
    """All places in the document where what is named at an offset is named."""
    found = found_at(document, offset)
    return [] if found is None or found.named.declared is None else list(_uses(document, found.named.declared))


def _uses(document: Document, declared: Span) -> Iterator[Span]:
    """The places in a document that name what is declared at a place."""
    where = (declared.source.name, place_now(document, declared).start)
    seen: set[int] = set()
    for found in all_named(document):
        other = found.named.declared
        if other is None or found.place.start in seen:
            continue
        seen.add(found.place.start)
        if (other.source.name, place_now(document, other).start) == where:
            yield found.place


def rename(document: Document, offset: int, new: str, texts: Mapping[Path, str]) -> dict[Path, list[Span]] | Refused:
    """The places that must be changed, file by file, to give what is named at an offset another name. ``texts`` are
    those that are open in an editor.

    The language itself is asked whether that can be done: all files, changed, must be right again, and name the same
    things at the same places.
    """
    found = found_at(document, offset)
    if found is None:
        return Refused("there is no name here")
    declared = found.named.declared
    if declared is None:
        return Refused(f"`{found.place.text}` is a word of the language")
    if document.study.wrong:
        return Refused(f"mend the file first: {document.study.wrong[0].message}")
    if _NAME.fullmatch(new) is None:
        return Refused(f"`{new}` is no name")
    home = Path(declared.source.name)
    if home not in texts and any(folder in home.parents for folder in library.search_path()):
        return Refused(f"`{found.place.text}` is declared in {home.name}, which others use too")
    desk = Desk({path: encoded(text) for path, text in texts.items()})
    edits: dict[Path, list[Span]] = {}
    for path, text in _neighbours(document, home, texts):
        if re.search(rf"\b{re.escape(found.place.text)}\b", text):
            places = list(_uses(open_document(path, text, desk), declared))
            if places:
                edits[path] = sorted(places, key=lambda place: place.start)
    return _refuse_other_meaning(edits, texts, declared, new) or edits


def _neighbours(document: Document, home: Path, texts: Mapping[Path, str]) -> Iterator[tuple[Path, str]]:
    """The files that may name what one declares: itself, what lies beside it and what is open."""
    folder = sorted(islice(home.parent.glob(f"*{SUFFIX}"), _MOST_FILES))
    for path in dict.fromkeys((home, document.path, *texts, *folder)):
        if path in texts:
            yield path, texts[path]
        elif path.is_file():
            yield path, path.read_text(encoding="utf-8", errors="replace")


def _refuse_other_meaning(
    edits: Mapping[Path, list[Span]], texts: Mapping[Path, str], declared: Span, new: str
) -> Refused | None:
    """Return the reason why changed files would not mean what they did."""
    changed = {path: replaced(places[0].source.text, places, new) for path, places in edits.items()}
    desk = Desk({path: encoded(text) for path, text in {**texts, **changed}.items()})
    home = Path(declared.source.name)
    at = next((_shifted(place, edits[home], new) for place in edits.get(home, []) if place.start == declared.start), -1)
    for path, places in edits.items():
        document = open_document(path, changed[path], desk)
        if document.study.wrong:
            return Refused(f"{path.name} would not be right: {document.study.wrong[0].message}")
        assert document.study.names is not None
        named = document.study.names.at
        here = {
            start
            for start, each in named.items()
            if each.declared is not None and (each.declared.source.name, each.declared.start) == (str(home), at)
        }
        if here != {_shifted(place, places, new) for place in places}:
            return Refused(f"`{new}` would stand for something else in {path.name}")
    return None


def _shifted(place: Span, places: list[Span], new: str) -> int:
    """Return the offset at which a place begins once all are replaced."""
    before = sum(each.start < place.start for each in places)
    return place.start + before * (len(new) - (place.end - place.start))


def replaced(text: str, places: list[Span], new: str) -> str:
    """A text with something else at some places."""
    for place in sorted(places, key=lambda each: each.start, reverse=True):
        text = text[: place.start] + new + text[place.end :]
    return text
