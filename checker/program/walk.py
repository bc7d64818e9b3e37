"""The one walk over typed programs, and the questions about their shape that it answers.

What a node consists of, and what a statement may do, is said by its class (`checker.program.node`,
`checker.program.statements`). Here nothing is known of single classes but which of them are read or looked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

from checker.program.expressions import Expr, ExpressionNode, Field, Var
from checker.program.node import Node, Tree
from checker.program.statements import Exit, Pass, Statement, StatementNode


def children(tree: Tree) -> tuple[Node, ...]:
    """The nodes that a tree consists of, without those inside these."""
    return tree.children if isinstance(tree, Node) else tuple(node for each in tree for node in _roots(each))


def nodes(tree: Tree) -> Iterator[Node]:
    """Every node of a tree, in the order of the text: a node before its children."""
    waiting = [*reversed(_roots(tree))]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.children))


def distinct_nodes(tree: Tree) -> Iterator[Node]:
    """Every node of a tree, each once, however often it is used."""
    waiting, seen = [*_roots(tree)], set[int]()
    while waiting:
        node = waiting.pop()
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            waiting.extend(node.children)


def _roots(tree: Tree) -> tuple[Node, ...]:
    return (tree,) if isinstance(tree, Node) else children(tree)


def expressions(tree: Tree) -> Iterator[Expr]:
    """Every expression in a tree, in the order of the text."""
    return (cast(Expr, node) for node in nodes(tree) if isinstance(node, ExpressionNode))


def statements(tree: Tree) -> Iterator[Statement]:
    """Every statement in a tree, in the order of the text; in expressions there are none."""
    waiting = [*reversed(_roots(tree))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, StatementNode):
            yield cast(Statement, node)
        if not isinstance(node, ExpressionNode):
            waiting.extend(reversed(node.children))


def rewrite(tree: Expr, change: Callable[[Expr], Expr | None]) -> Expr:
    """The expression with other ones in the place of those for which ``change`` gives one. What it gives is not looked
    into."""

    def changed(node: Node) -> Node:
        assert isinstance(node, ExpressionNode)  # expressions consist of nothing else
        return rewrite(cast(Expr, node), change)

    given = change(tree)
    return tree.with_children(changed) if given is None else given


def fields_read(tree: Tree) -> frozenset[str]:
    """The names of the region fields that a tree looks at."""
    implied = (statement.effects.reads for statement in statements(tree))
    return frozenset(node.name for node in expressions(tree) if isinstance(node, Field)).union(*implied)


def scalars_read(tree: Tree) -> frozenset[str]:
    """The names of the variables that a tree looks at."""
    return frozenset(node.name for node in expressions(tree) if isinstance(node, Var))


def regions_read(tree: Tree) -> frozenset[str]:
    """The region variables that a tree looks at."""
    return frozenset(node.region for node in expressions(tree) if isinstance(node, Field))


def passes(tree: Tree) -> Iterator[Pass]:
    """Every pass, in the order in which they stand."""
    return (statement for statement in statements(tree) if isinstance(statement, Pass))


def has_pass(tree: Tree) -> bool:
    """Tell whether there is a pass in a tree."""
    return next(passes(tree), None) is not None


def writes(tree: Tree) -> frozenset[str]:
    """The fields and marks of the region that the statements of a tree may change."""
    return frozenset[str]().union(*(statement.effects.writes for statement in statements(tree)))


def assigned(tree: Tree) -> frozenset[str]:
    """The variables that the statements of a tree may assign to."""
    return frozenset[str]().union(*(statement.effects.assigns for statement in statements(tree)))


def bound(tree: Tree) -> frozenset[str]:
    """The variables that come into being in a tree."""
    return frozenset[str]().union(*(statement.effects.binds for statement in statements(tree)))


def exits(tree: Tree) -> frozenset[Exit]:
    """The things that the statements of a tree may end."""
    return frozenset[Exit]().union(*(statement.effects.leaves for statement in statements(tree)))
