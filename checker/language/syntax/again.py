"""The parts of a file's tree that are still so in another text of the file: who types changes one stretch of it.

Items before that stretch are taken over as they are. So are those behind it, at the places where they are now. What is
between them is parsed by itself, which gives what parsing the whole text gives if it is itself a row of whole items:

- an item that is taken over from behind begins a line in both texts, so that no comment and no word runs into it;
- behind a whole item only another item can follow, which its first word says whatever was before: the grammar has no
  sign that goes on over the end of an item, and no name may stand there;
- what a word looks ahead for, a sign that makes a name of it, no item begins with.

Where the stretch is no row of whole items, nothing is taken over from behind it.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from checker.base.diagnostic import Source, Span
from checker.base.values import frozen
from checker.language.syntax import tree as s


@frozen
class Untouched:
    """The items of a tree that are the same in another text, those ``before`` and those ``behind`` what is to be
    parsed, a stretch of that text from ``start`` to ``end``; and by how much those behind it have ``moved``."""

    before: tuple[s.Item, ...]
    behind: tuple[s.Item, ...]
    start: int
    end: int
    moved: int


def untouched(tree: s.Module, text: str) -> Untouched:
    """Find what of a tree is the same in another text. Taken over from the beginning are the items before the last one
    of which the beginning, with its name, is the same: where that one begins, the parser is where it was."""
    old = tree.span.source.text
    same = _in_common(old, text)
    begun = sum(item.name.span.end < same for item in tree.items)
    before = tree.items[: max(0, begun - 1)]
    start = tree.items[len(before)].span.start if before else 0
    most = min(len(old), len(text)) - same
    tail = _in_common(old[len(old) - most :][::-1], text[len(text) - most :][::-1])
    behind = [
        item
        for item in tree.items[len(before) + 1 :]
        if item.span.start > len(old) - tail and old[item.span.start - 1] == "\n"
    ]
    moved = len(text) - len(old)
    end = behind[0].span.start + moved if behind else len(text)
    return Untouched(before, tuple(behind), start, end, moved)


def _in_common(one: str, other: str) -> int:
    """Count the characters with which two texts begin alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


def placed(item: s.Item, source: Source, by: int) -> s.Item:
    """The same item at the place that it has in another text, so many characters further on."""
    made = _placed(item, source, by)
    assert isinstance(made, s.Item)
    return made


def _placed(value: Any, source: Source, by: int) -> Any:
    """Return what a node, a word, or a tuple of them, is in another text. It recurses no deeper than a tree may be."""
    match value:
        case s.Node():
            node = object.__new__(type(value))
            known = vars(value)
            # As the class would: what is no field was worked out from those, and is worked out again.
            vars(node).update((each.name, _placed(known[each.name], source, by)) for each in fields(value))
            return node
        case s.Ident():
            return s.Ident(str(value), Span(source, value.span.start + by, value.span.end + by))
        case Span():
            return Span(source, value.start + by, value.end + by)
        case tuple():
            return tuple([_placed(each, source, by) for each in value])
        case _:
            return value
