"""Words of a text and what they stand for, noted while the text is given its meaning: what an editor asks about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from checker.base.diagnostic import Source, Span

if TYPE_CHECKING:
    from checker.language.elaborate.scope import Binding, Owner


@dataclass(frozen=True)
class Named:
    """A word of a text that stands for something: ``declared`` is where that got its name (None: the language brings it
    along), ``owner`` what it is a part of."""

    place: Span
    binding: Binding
    declared: Span | None
    owner: Owner = None


class Names:
    """The words of a source that stand for something, by their offsets. What is expanded is read once for each use: the
    first time, where it is declared, says what its words stand for."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.at: dict[int, Named] = {}

    def note(self, word: Named) -> None:
        """Remember a word; what is in another file is none of this one's. An item that was taken over from the text
        that was has its places there, which are the same here."""
        if word.place.source.name == self.source.name:
            self.at.setdefault(word.place.start, word)
