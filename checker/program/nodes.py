"""The expressions in a tree."""

from __future__ import annotations

from collections.abc import Iterator

from checker.program.expressions import Expr, Field


def nodes(tree: object) -> Iterator[Expr]:
    """Every expression in a tree of statements, formulas or expressions, itself included."""
    if isinstance(tree, tuple):
        for child in tree:
            yield from nodes(child)
    elif hasattr(tree, "__dataclass_fields__"):
        if isinstance(tree, Expr):
            yield tree
        for name in tree.__dataclass_fields__:
            if name not in ("type", "span"):
                yield from nodes(getattr(tree, name))


def regions_read(tree: object) -> frozenset[str]:
    """The region variables that a tree looks at."""
    return frozenset(node.region for node in nodes(tree) if isinstance(node, Field))
