"""Values that are worth trying: the corners of each type, and what stands near the constants of a program.

They only decide which maps are drawn. Nothing is believed of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import assert_never

from checker import program as p
from checker.base.values import frozen
from checker.program.types import Boolean, Enumeration, Flags, Integer, Quantity, Type, width
from checker.program.walk import expressions

PAGE = 1 << 12
"""The size that a page is taken to have, so that regions touch where a program counts in pages of 4 KiB."""

_CORNERS = (0, 1, 2, 15, 16, 17, 511, 512, 513)
_ROUND = (0, PAGE, 16 * PAGE, 512 * PAGE, 1 << 30, 1 << 32, 1 << 40, 1 << 47, 1 << 63)
_NEAR = (-512 * PAGE, -16 * PAGE, -PAGE, -1, 0, 1, PAGE, 16 * PAGE, 512 * PAGE)


@frozen
class Words:
    """The constants of a program by the name of their type, and the values that are preferred of fields."""

    constants: Mapping[str, tuple[int, ...]]
    numbers: tuple[int, ...]
    """The constants that are integers, of whatever type."""
    _known: dict[str, tuple[int, ...]] = field(default_factory=dict, compare=False, repr=False)
    """By the name of a type, what is tried of it."""

    def of(self, kind: Type) -> tuple[int, ...]:
        """The values of a type to try, those first that the program names."""
        if kind.name not in self._known:
            self._known[kind.name] = tuple(
                dict.fromkeys(value for value in self._of(kind) if 0 <= value < 1 << width(kind))
            )
        return self._known[kind.name]

    def _of(self, kind: Type) -> Iterator[int]:
        own = self.constants.get(kind.name, ())
        match kind:
            case Boolean():
                yield from (0, 1)
            case Enumeration(members=members):
                yield from own
                yield from (value for _, value in members)
                yield (1 << kind.width) - 1
            case Flags(members=members):
                yield from own
                yield from (0, (1 << kind.width) - 1)
                yield from (a | b for a in own for b in own)
                yield from (value for _, value in members)
            case Integer(quantity=Quantity.PHYSICAL | Quantity.VIRTUAL):
                yield from (value + near for value in (*own, *_ROUND, 1 << kind.width) for near in _NEAR)
                yield from self.numbers
            case Integer(quantity=Quantity.PAGES):
                yield from _CORNERS
                yield from (value // PAGE + near for value in (*self.numbers, *_ROUND) for near in (-1, 0, 1))
                yield from ((1 << kind.width) // PAGE - 1, (1 << kind.width) - 1)
            case Integer():
                yield from (value + near for value in own for near in (-1, 0, 1))
                yield from _CORNERS
                yield from (value + near for value in (*self.numbers, *_ROUND) for near in (-1, 0, 1))
                yield (1 << kind.width) - 1
            case _:
                assert_never(kind)


def words(trees: Iterable[p.Tree]) -> Words:
    """The constants that stand in some trees."""
    found: dict[str, dict[int, None]] = {}
    numbers: dict[int, None] = {}
    for node in (each for tree in trees for each in expressions(tree)):
        if isinstance(node, p.Const):
            found.setdefault(node.type.name, {})[node.value] = None
            if isinstance(node.type, Integer):
                numbers[node.value] = None
    return Words({name: tuple(values) for name, values in found.items()}, tuple(numbers))
