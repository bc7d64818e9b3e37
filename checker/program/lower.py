"""Statements that a file can have and the core does not: they are put into its words while they are typed.

Here is what such a statement means. Nothing that reads programs has to know it beside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast

from checker.base.diagnostic import Span
from checker.program.expressions import Arith, Compare, Const, Expr, Field, Op, Rel, Var
from checker.program.fold import FALSE, TRUE
from checker.program.formulas import Conjunct
from checker.program.node import Node
from checker.program.records import DROPPED, PLACED, VISITED
from checker.program.statements import (
    Assign,
    Choose,
    Declare,
    Exit,
    If,
    Leave,
    Mark,
    Pass,
    Reach,
    Remember,
    SetField,
    Statement,
)
from checker.program.types import BOOL, U8, Type
from checker.program.walk import expressions, statements


def place(region: str, field: str, address: Expr, mark: str = PLACED) -> tuple[Statement, ...]:
    """The region is given an address: a placement field of it is set, and it counts as placed there."""
    return SetField(region, field, address), Mark(region, mark)


def unplace(region: str, mark: str = PLACED) -> tuple[Statement, ...]:
    """The region has no address any more, whatever its placement field holds: it does not count as placed there."""
    return (SetField(region, mark, FALSE),)


def name_of(previous: str, field: str) -> str:
    """The variable that keeps a field of the region before. No name in a file has a dot."""
    return f"{previous}.{field}"


def with_previous(
    made: Pass, previous: str, keeping: frozenset[Span], kind_of: Callable[[str], Type]
) -> tuple[Statement, ...]:
    """A pass in whose turns ``previous`` names the region before: the one that had the turn before, and in the turn
    after one that ended with a `keep` (those of the spans ``keeping``) the same as in that.

    What is asked of it is kept in variables, which get their values at the end of a region's turn. They are 0 and false
    when the pass begins: `visited` says whether there is such a region. What is written to it is written to the region,
    too, which has to be remembered for that.
    """
    asked = {each.name for each in expressions(made) if isinstance(each, Field) and each.region == previous} - {VISITED}
    written = {s.field for s in statements(made) if isinstance(s, SetField) and s.region == previous}
    kept = [(name, kind_of(name)) for name in sorted(asked)]
    visited = name_of(previous, VISITED)

    def ends(span: Span) -> tuple[Statement, ...]:
        values = [(name_of(previous, name), Field(kind, made.variable, name)) for name, kind in kept]
        found: list[Statement] = [Assign(name, value, span=span) for name, value in values]
        found.append(Assign(visited, TRUE, span=span))
        if written:
            found.append(Remember(previous, span=span))
        return tuple(found)

    def said(node: Node) -> Node:
        if isinstance(node, Field) and node.region == previous:
            return Var(node.type, name_of(previous, node.name))
        return node.with_children(said)

    def block(body: tuple[Statement, ...]) -> tuple[Statement, ...]:
        return tuple(each for statement in body for each in done(statement))

    def done(statement: Statement) -> tuple[Statement, ...]:
        match statement:
            case SetField(region=region, field=field, value=value, span=span) if region == previous:
                value = cast(Expr, said(value))
                if field not in asked:
                    return (Reach(previous, field, value, span=span),)
                variable = name_of(previous, field)
                again = Reach(previous, field, Var(kind_of(field), variable), span=span)
                return Assign(variable, value, span=span), again
            case Leave(exit=Exit.TURN, span=span):
                return (statement,) if span in keeping else (*ends(span), statement)
            case If(condition=condition, then=then, otherwise=otherwise):
                return (If(cast(Expr, said(condition)), block(then), block(otherwise), span=statement.span),)
            case _:
                return (cast(Statement, said(statement)),)

    body = block(made.body)
    if not body or not isinstance(body[-1], Leave):
        body = (*body, *ends(made.span))
    where = cast(Expr, said(made.where))
    invariants = tuple(cast(Conjunct, said(each)) for each in made.invariants)
    begin = [Declare(name_of(previous, name), kind, Const(kind, 0)) for name, kind in kept]
    begin.append(Declare(visited, BOOL, FALSE))
    return (*begin, replace(made, where=where, body=body, invariants=invariants))


def drop(region: str) -> tuple[Statement, ...]:
    """Later passes do not see the region. It stays in the layout, marked, so that dropping it cannot hide it from a
    property."""
    return (Mark(region, DROPPED),)


def repeat(condition: Expr, most: int, body: tuple[Statement, ...], span: Span) -> tuple[Statement, ...]:
    """The body again and again as long as ``condition`` holds, at most so often.

    *Sound*: up to so many rounds it is what it means, one round inside the other. That the condition holds no more
    after the last one is owed like exact arithmetic (`too_many_rounds`): there stands a sum that does not fit, so that
    whoever runs the program reports that it gets there, and whoever proves something of it has to show that it does
    not. What is proved beside that is about a program that stops there.
    """
    again: tuple[Statement, ...] = (If(condition, (_owed(span),), (), span=span),)
    for _ in range(most):
        again = (If(condition, (*body, *again), (), span=span),)
    return again


def _owed(span: Span) -> Statement:
    """Do nothing, and owe that it is never done."""
    lost = Arith(U8, Op.ADD, Const(U8, 0xFF), Const(U8, 1), wraps=False, span=span)
    return If(Compare(Rel.EQ, lost, Const(U8, 0), BOOL), (), (), span=span)


def too_many_rounds(span: Span) -> bool:
    """Tell whether what does not fit at this place is the number of rounds of a `while`."""
    return span.text.startswith(WHILE)


WHILE = "while"
"""The word with which the text of such a loop begins, and that of no expression."""


def choose_truth(name: str) -> Choose:
    """Either truth value."""
    return Choose(name, BOOL, Const(U8, 0), Const(U8, 2), 1)
