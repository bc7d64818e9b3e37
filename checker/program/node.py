"""The parts of a typed program: each is a node that says once of which nodes it consists."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from functools import cached_property
from typing import Any, ClassVar, Self

UNIONS = frozenset(("Expr", "Statement", "Formula", "Formulas"))
"""The names of the closed unions of nodes, as they stand in the types of fields."""


class Node:
    """A part of a typed program.

    ``parts`` names the fields that hold nodes, in their order: one, a tuple of some, or None. All that walks over
    programs goes by them (`checker.program.walk`), the prover's account of what a pass may change among it. So a class
    without them cannot be made, and neither can one that leaves out a field whose type speaks of nodes.
    """

    parts: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, *, parts: tuple[str, ...]) -> None:
        super().__init_subclass__()
        own = inspect.get_annotations(cls)
        names = UNIONS | {node.__name__ for node in _classes(Node)}
        for name in parts:
            if name not in own:
                raise TypeError(f"{cls.__name__} has no field `{name}`")
        for name, kind in own.items():
            if name not in parts and names & set(re.findall(r"\w+", str(kind))):
                raise TypeError(f"{cls.__name__}.{name} holds nodes, so it is one of its parts")
        cls.parts = parts

    @cached_property
    def children(self) -> tuple[Node, ...]:
        """The nodes of which this one consists, in their order. Nodes do not change, and are walked over again and
        again."""
        return tuple(child for name in self.parts for child in _nodes_in(getattr(self, name)))

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy elsewhere is made from: the fields alone."""
        known = {each.name for each in fields(self)}  # type: ignore[arg-type]  # every class of nodes is a dataclass
        return {name: value for name, value in vars(self).items() if name in known}

    def with_children(self, change: Callable[[Node], Node]) -> Self:
        """The node with something else in the place of each of its children."""
        if not self.parts:
            return self
        changed = {name: _changed(getattr(self, name), change) for name in self.parts}
        return replace(self, **changed)  # type: ignore[type-var]  # every class of nodes is a dataclass


Tree = Node | tuple["Tree", ...]
"""A node, or a tuple of trees."""


def _nodes_in(part: object) -> Iterator[Node]:
    if isinstance(part, Node):
        yield part
    elif isinstance(part, tuple):
        for each in part:
            yield from _nodes_in(each)


def _changed(part: Any, change: Callable[[Node], Node]) -> Any:
    if isinstance(part, Node):
        return change(part)
    return tuple(_changed(each, change) for each in part) if isinstance(part, tuple) else part


def _classes(root: type[Node]) -> Iterator[type[Node]]:
    for each in root.__subclasses__():
        yield each
        yield from _classes(each)
