"""The one walk over typed programs, and the questions about their shape that it answers.

What a node consists of, and what a statement may do, is said by its class (`checker.program.node`,
`checker.program.statements`). Here nothing is known of single classes but which of them are read or looked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

from checker.program.expressions import Arith, Convert, Expr, ExpressionNode, Field, Var
from checker.program.formulas import Conjunct, ForAll, TotalsAtMost
from checker.program.node import Node, Tree
from checker.program.records import Record
from checker.program.statements import Exit, Pass, Reach, Remember, Split, Statement, StatementNode
from checker.program.types import width


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


def executed(tree: Tree) -> Iterator[Expr]:
    """Every expression in a tree that has a value when it is run: all but those in what is said of it."""
    waiting = [*reversed(_roots(tree))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ExpressionNode):
            yield cast(Expr, node)
        waiting.extend(reversed([each for each in node.children if not isinstance(each, Conjunct)]))


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
    return frozenset(node.name for node in executed(tree) if isinstance(node, Field)).union(*implied)


def scalars_read(tree: Tree) -> frozenset[str]:
    """The names of the variables that a tree looks at."""
    return frozenset(node.name for node in executed(tree) if isinstance(node, Var))


def regions_read(tree: Tree) -> frozenset[str]:
    """The region variables that a tree looks at."""
    return frozenset(node.region for node in executed(tree) if isinstance(node, Field))


def asked_where(formula: ForAll | TotalsAtMost, record: Record) -> frozenset[str]:
    """The lists of which a formula asks whether their regions are placed, or where; none where regions have no
    place."""
    asked = {*record.placements, *record.placed_marks}

    def asks(variable: str, trees: tuple[Expr, ...]) -> bool:
        return any(isinstance(e, Field) and e.region == variable and e.name in asked for e in executed(trees))

    if isinstance(formula, TotalsAtMost):
        added = formula.totals
        return frozenset(each.regions.name for each in added if asks(each.variable, (each.where, each.amount)))
    return frozenset(
        binder.regions.name
        for binder in formula.binders
        if asks(binder.variable, (formula.where, formula.body, *(index.bound for index in formula.indices)))
        or asks(binder.regions.variable, (binder.regions.where,))
    )


def passes(tree: Tree) -> Iterator[Pass]:
    """Every pass, in the order in which they stand."""
    return (statement for statement in statements(tree) if isinstance(statement, Pass))


def outer_passes(tree: Tree) -> Iterator[Pass]:
    """Every pass that stands in no other, in the order in which they stand."""
    waiting = [*reversed(_roots(tree))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Pass):
            yield node
        elif not isinstance(node, ExpressionNode):
            waiting.extend(reversed(node.children))


def has_pass(tree: Tree) -> bool:
    """Tell whether there is a pass in a tree."""
    return next(passes(tree), None) is not None


def has_split(tree: Tree) -> bool:
    """Tell whether regions are split in a tree."""
    return any(isinstance(statement, Split) for statement in statements(tree))


def reaches(tree: Tree) -> frozenset[str]:
    """The fields that the statements of a tree may change of a region that had its turn."""
    return frozenset(statement.field for statement in statements(tree) if isinstance(statement, Reach))


def remembers(tree: Tree) -> frozenset[str]:
    """The names under which the statements of a tree remember regions."""
    return frozenset(statement.previous for statement in statements(tree) if isinstance(statement, Remember))


def writes(tree: Tree) -> frozenset[str]:
    """The fields and marks of regions that the statements of a tree may change."""
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


def checked_arithmetic(tree: Tree) -> Iterator[Arith | Convert]:
    """Every operator in ``tree`` whose result is claimed to fit."""
    for node in executed(tree):
        if isinstance(node, Arith | Convert) and not node.wraps and not _widens(node):
            yield node


def _widens(node: Arith | Convert) -> bool:
    """Tell whether this is a conversion that keeps every value of its operand."""
    return isinstance(node, Convert) and width(node.operand.type) <= width(node.type)
