"""Questions about the shape of statements and expressions."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from checker import program as p
from checker.program import nodes


def fields_read(tree: object) -> frozenset[str]:
    """The names of the region fields that a tree looks at."""
    return frozenset(node.name for node in nodes(tree) if isinstance(node, p.Field))


def scalars_read(tree: object) -> frozenset[str]:
    """The names of the variables that a tree looks at."""
    return frozenset(node.name for node in nodes(tree) if isinstance(node, p.Var))


def flat(statements: tuple[p.Statement, ...]) -> Iterator[p.Statement]:
    """Every statement, those inside conditionals and passes included."""
    for statement in statements:
        yield statement
        match statement:
            case p.If(then=then, otherwise=otherwise):
                yield from flat(then)
                yield from flat(otherwise)
            case p.Pass(body=body):
                yield from flat(body)


def passes(statements: tuple[p.Statement, ...]) -> Iterator[p.Pass]:
    """Every pass, in the order in which they stand."""
    return (statement for statement in flat(statements) if isinstance(statement, p.Pass))


def has_pass(statement: p.Statement) -> bool:
    """Whether a pass stands in this statement."""
    return next(passes((statement,)), None) is not None


def breaks(statements: tuple[p.Statement, ...]) -> bool:
    """Whether a `break` stands in these statements."""
    return any(isinstance(statement, p.Break) for statement in flat(statements))


def writes(statements: tuple[p.Statement, ...]) -> frozenset[str]:
    """The fields and marks of the region that these statements may change."""
    fields: set[str] = set()
    for statement in flat(statements):
        match statement:
            case p.SetField(field=name):
                fields.add(name)
            case p.Place(field=name):
                fields |= {name, p.PLACED}
            case p.Export():
                fields.add(p.EXPORTED)
            case p.Drop():
                fields.add(p.DROPPED)
    return frozenset(fields)


def assigned(statements: tuple[p.Statement, ...]) -> frozenset[str]:
    """The variables that these statements may assign to."""
    return frozenset(statement.name for statement in flat(statements) if isinstance(statement, p.Assign))


def with_fields(expr: p.Expr, fields: Mapping[str, p.Expr]) -> p.Expr | None:
    """``expr`` with every field of a region replaced; None where one has no replacement."""
    if isinstance(expr, p.Field):
        return fields.get(expr.name)
    changes: dict[str, Any] = {}
    for each in dataclasses.fields(expr):
        value = getattr(expr, each.name)
        if isinstance(value, p.Expr):
            replaced = with_fields(value, fields)
            if replaced is None:
                return None
            changes[each.name] = replaced
    return dataclasses.replace(expr, **changes) if changes else expr
