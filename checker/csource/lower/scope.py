"""The knowledge at a place of a function: names, where pointers lead, what is not set yet, how deep it is."""

from __future__ import annotations

from dataclasses import field

from checker.base.values import frozen, mutable
from checker.csource.types import CInt, CType
from checker.csource.values import Expr


@frozen
class Null:
    """The null pointer."""


@frozen
class ToRegion:
    """A pointer to the region of the pass."""

    name: str


@frozen
class ToPrior:
    """A pointer to the region before, null until there is one."""

    name: str


@frozen
class Somewhere:
    """A pointer to what is not followed; ``null`` says whether it is null, None if that is not known."""

    null: bool | None = None


@frozen
class ToSlot:
    """The address of a variable."""

    slot: Slot


@frozen
class Base:
    """A pointer to the first byte of the map; ``bytes`` says that it counts bytes: a `void` pointer."""

    bytes: bool = False


Target = Null | ToRegion | ToPrior | Somewhere | ToSlot | Base


@frozen
class Slot:
    """A variable of C: its number, its type, and its name in the algorithm, empty for a pointer."""

    number: int
    type: CType
    name: str


Value = Expr | Target


@mutable
class CScope:
    """The state of what is known; it is copied where ways part."""

    names: dict[str, Slot] = field(default_factory=dict)
    targets: dict[int, Target] = field(default_factory=dict)
    unset: set[int] = field(default_factory=set)
    visible: frozenset[str] = frozenset()
    depth: int = 0

    def copy(self) -> CScope:
        """Return a scope that goes its own way from here."""
        return CScope(dict(self.names), dict(self.targets), set(self.unset), self.visible, self.depth)


def joined(one: Target, other: Target) -> Target | None:
    """Return where a pointer leads that leads here on one way and there on another; None where the two must be told
    apart: one of them is a region."""
    if one == other:
        return one
    if isinstance(one, ToRegion | ToPrior) or isinstance(other, ToRegion | ToPrior):
        return None
    nulls = {is_null(one), is_null(other)}
    return Somewhere(nulls.pop() if len(nulls) == 1 else None)


def is_null(target: Target) -> bool | None:
    """Tell whether a pointer is null; None where that is not known, or depends."""
    if isinstance(target, Somewhere):
        return target.null
    return None if isinstance(target, ToPrior) else isinstance(target, Null)


def integer(kind: CType) -> CInt | None:
    """Return the type if it is one of integers."""
    return kind if isinstance(kind, CInt) else None
