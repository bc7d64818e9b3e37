"""Small changes to an algorithm, each of one thing that a programmer may get wrong.

They are made on the typed tree, so that each is a program. What an algorithm may choose (`choose`) is left alone: that
is given to it, as a map is, and nothing that it does. So are the invariants that a file states: they are for proofs;
and what the language says of the region before while there is none (`with previous`): nobody wrote that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import count, groupby, pairwise
from typing import assert_never, cast

from checker import program as p
from checker.base.diagnostic import NOWHERE, Span
from checker.base.values import frozen
from checker.program import walk
from checker.program.expressions import ExpressionNode
from checker.program.node import Node
from checker.program.statements import StatementNode
from checker.program.types import Boolean, Enumeration, Flags, Integer, Type, width
from checker.verify.attack.values import PAGE
from checker.verify.mutation.words import Words, words


class Kind(StrEnum):
    """The kinds of changes."""

    COMPARISON = "comparison"
    """A bound is in or out, or a condition is the contrary."""
    CONSTANT = "constant"
    """A number is the next one, an address one page off, an alignment twice or half as large."""
    MASK = "mask"
    """Another bit is asked for, or set."""
    OPERATOR = "operator"
    """Added for subtracted, `and` for `or`."""
    ORDER = "order"
    """Two statements, of which one matters to the other, in the other order; a pass from the other end."""
    MISSING = "missing"
    """A statement, or an alignment, is left out."""
    BRANCH = "branch"
    """The contrary of a condition decides what is done."""
    WRAP = "wrap"
    """Arithmetic that may wrap is claimed to be exact, or the other way round."""


@frozen
class Mutation:
    """One change: where it stands, and in words what was there and what is there now."""

    kind: Kind
    span: Span
    before: Words
    after: Words


Variant = tuple[Mutation, Node]
"""A change, and the tree with it."""


def variants(body: tuple[p.Statement, ...]) -> Iterator[tuple[Mutation, tuple[p.Statement, ...]]]:
    """Every way to change one thing in some statements, in the order of the text."""
    yield from _rearranged(body)
    for position, statement in enumerate(body):
        for change, node in _changed(statement, NOWHERE):
            yield change, (*body[:position], cast(p.Statement, node), *body[position + 1 :])


def _changed(node: Node, span: Span) -> Iterator[Variant]:
    """Every way to change one thing in a node."""
    if isinstance(node, p.Choose | p.Conjunct) or (isinstance(node, p.Declare) and "." in node.name):
        return
    if isinstance(node, StatementNode):
        span = node.span
        yield from _of_statement(cast(p.Statement, node))
    elif isinstance(node, ExpressionNode):
        yield from ((_change(kind, span, node, new), new) for kind, new in _of_expression(cast(p.Expr, node)))
    for position, child in enumerate(node.children):
        if not _is_fixed(node, child):
            for change, new in _changed(child, span):
                yield change, _with_child(node, position, new)


def _change(kind: Kind, span: Span, old: Node, new: p.Expr) -> Mutation:
    return Mutation(kind, span, words(cast(p.Expr, old)), words(new))


def _with_child(node: Node, position: int, new: Node) -> Node:
    """The node with another child at a position."""
    places = count()
    return node.with_children(lambda child: new if next(places) == position else child)


# --- statements


def _of_statement(statement: p.Statement) -> Iterator[Variant]:
    if isinstance(statement, p.If):
        condition = words(statement.condition)
        change = Mutation(Kind.BRANCH, statement.span, ("if ", *condition), ("if not (", *condition, ")"))
        yield change, replace(statement, then=statement.otherwise, otherwise=statement.then)
        for change, block in _rearranged(statement.then):
            yield change, replace(statement, then=block)
        for change, block in _rearranged(statement.otherwise):
            yield change, replace(statement, otherwise=block)
    elif isinstance(statement, p.Pass):
        ways = ("first to last", "last to first")
        before, after = reversed(ways) if statement.reverse else ways
        change = Mutation(Kind.ORDER, statement.span, (f"for {statement.variable}, {before}",), (f"{after}",))
        yield change, replace(statement, reverse=not statement.reverse)
        for change, block in _rearranged(statement.body):
            yield change, replace(statement, body=block)


_Group = tuple[p.Statement, ...]
"""The statements of the core that one statement of the text means."""


def _rearranged(block: tuple[p.Statement, ...]) -> Iterator[tuple[Mutation, tuple[p.Statement, ...]]]:
    """The statements without one of them, or with two in the other order."""
    groups = [tuple(group) for _, group in groupby(block, key=lambda each: each.span)]
    for position, group in enumerate(groups):
        if not any(isinstance(each, p.Declare | p.Choose) for each in group):
            change = Mutation(Kind.MISSING, group[0].span, (_text(group),), ("nothing",))
            yield change, _flat((*groups[:position], *groups[position + 1 :]))
    for position, (first, second) in enumerate(pairwise(groups)):
        if _may_swap(first, second):
            change = Mutation(
                Kind.ORDER, second[0].span, (_text(first), ", then ", _text(second)), ("the other order",)
            )
            yield change, _flat((*groups[:position], second, first, *groups[position + 2 :]))


def _text(group: _Group) -> str:
    return group[0].span.short


def _flat(groups: Sequence[_Group]) -> tuple[p.Statement, ...]:
    return tuple(statement for group in groups for statement in group)


def _may_swap(first: _Group, second: _Group) -> bool:
    """Tell whether two statements can stand in the other order, and it may matter to one what the other does. Of
    regions that may be pieces nothing is chosen."""
    if isinstance(second[0], p.Leave) or walk.bound(first) & _scalars(second):
        return False
    if walk.has_split(second) and any(isinstance(each, p.Choose) for each in walk.statements(first)):
        return False
    if _ends_more(first) or _ends_more(second):
        return True
    if (walk.has_split(first) and walk.has_pass(second)) or (walk.has_pass(first) and walk.has_split(second)):
        return True  # pieces have turns of their own
    return bool(
        walk.assigned(first) & _scalars(second)
        or walk.assigned(second) & _scalars(first)
        or walk.writes(first) & (walk.fields_read(second) | walk.writes(second))
        or walk.writes(second) & walk.fields_read(first)
    )


def _ends_more(group: _Group) -> bool:
    """Tell whether statements end more than a pass in them, or a turn of it."""
    return any(walk.exits(each) for each in group if not isinstance(each, p.Pass))


def _scalars(group: _Group) -> frozenset[str]:
    """The variables that statements look at or change."""
    return walk.scalars_read(group) | walk.assigned(group)


# --- expressions


def _of_expression(node: p.Expr) -> Iterator[tuple[Kind, p.Expr]]:
    """Every other expression in the place of one, with what is in it left as it is."""
    match node:
        case p.Const():
            kind = Kind.MASK if isinstance(node.type, Flags) else Kind.CONSTANT
            yield from ((kind, replace(node, value=value)) for value in _near(node.type, node.value))
        case p.Compare():
            yield from ((Kind.COMPARISON, each) for each in _compared(node))
            if (mask := _mask(node)) is not None:
                left = cast(p.Arith, node.left)
                for value in _near(mask.type, mask.value):
                    other = replace(mask, value=value)
                    yield Kind.MASK, replace(node, left=replace(left, right=other), right=other)
        case p.Arith():
            yield from _calculated(node)
        case p.AlignDown(alignment=alignment):
            yield Kind.MISSING, node.operand
            if 2 * alignment < 1 << width(node.type):
                yield Kind.CONSTANT, replace(node, alignment=2 * alignment)
            if alignment > 2:
                yield Kind.CONSTANT, replace(node, alignment=alignment // 2)
        case p.Logic(junction=p.Junction.AND | p.Junction.OR as junction):
            contrary = p.Junction.OR if junction is p.Junction.AND else p.Junction.AND
            yield Kind.OPERATOR, replace(node, junction=contrary)
        case p.Not():
            yield Kind.COMPARISON, node.operand
        case p.IfElse():
            yield Kind.BRANCH, replace(node, then=node.otherwise, otherwise=node.then)
        case p.Convert() if width(node.operand.type) > width(node.type):
            yield Kind.WRAP, replace(node, wraps=not node.wraps)
        case _:
            pass  # names, and conversions that keep every value: there is nothing else that it could be


def _compared(node: p.Compare) -> Iterator[p.Compare]:
    match node.rel:
        case p.Rel.EQ:
            yield replace(node, rel=p.Rel.NE)
        case p.Rel.NE:
            yield replace(node, rel=p.Rel.EQ)
        case p.Rel.LT:
            yield from _beside(node, p.Rel.LE)
        case p.Rel.LE:
            yield from _beside(node, p.Rel.LT)
        case _:
            assert_never(node.rel)


def _beside(node: p.Compare, other: p.Rel) -> Iterator[p.Compare]:
    """The comparison with its bound in or out, and its contrary."""
    yield replace(node, rel=other)
    yield replace(node, rel=other, left=node.right, right=node.left)


_SWAPPED = {p.Op.ADD: p.Op.SUB, p.Op.SUB: p.Op.ADD, p.Op.AND: p.Op.OR, p.Op.OR: p.Op.AND}


def _calculated(node: p.Arith) -> Iterator[tuple[Kind, p.Expr]]:
    if node.op in _SWAPPED:
        yield Kind.OPERATOR, replace(node, op=_SWAPPED[node.op])
    if node.op in p.GROWING:
        yield Kind.WRAP, replace(node, wraps=not node.wraps)
    if node.op in _BY_CONSTANT and isinstance(node.right, p.Const):
        for value in _steps(node.op, node.right.value):
            if 0 < value < 1 << width(node.right.type) and (node.op not in _SHIFTS or value < width(node.type)):
                yield Kind.CONSTANT, replace(node, right=replace(node.right, value=value))


_SHIFTS = (p.Op.SHL, p.Op.SHR)
_BY_CONSTANT = (*_SHIFTS, p.Op.DIV, p.Op.MOD)
"""The operators whose right operand has to be a constant, and not every one."""


def _steps(op: p.Op, value: int) -> tuple[int, ...]:
    return (value + 1, value - 1) if op in _SHIFTS else (2 * value, value // 2)


def _mask(node: p.Compare) -> p.Const | None:
    """The bits of a `has`: `word & bits == bits`."""
    match node:
        case p.Compare(left=p.Arith(op=p.Op.AND, right=p.Const() as bits), right=p.Const() as same) if bits == same:
            return bits
        case _:
            return None


def _is_fixed(node: Node, child: Node) -> bool:
    """Tell whether a child is changed with its parent, or not at all: a constant that stands for one thing twice, or is
    not just any."""
    match node:
        case p.Compare() if _mask(node) is not None:
            return child is node.right or child is node.left
        case p.Arith(op=op, right=right) if op in _BY_CONSTANT:
            return child is right and child is not node.left
        case _:
            return False


def _near(kind: Type, value: int) -> Iterator[int]:
    """The values of a type beside one."""
    match kind:
        case Boolean():
            yield 1 - value
        case Enumeration(members=members) | Flags(members=members):
            known = [number for _, number in members]
            if value in known and len(known) > 1:
                yield known[(known.index(value) + 1) % len(known)]
            elif known:
                yield known[0]
        case Integer():
            step = PAGE if kind.is_address and value % PAGE == 0 else 1
            yield from (near for near in (value + step, value - step) if 0 <= near < 1 << kind.width)
        case _:
            assert_never(kind)
