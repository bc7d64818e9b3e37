"""Nodes, names and types, expressions and formulas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, fields
from enum import StrEnum

from checker.base.diagnostic import Span
from checker.base.values import frozen, frozen_by_name


@frozen_by_name
class Node:
    """Any piece of the tree."""

    span: Span = field(compare=False, repr=False)

    def children(self) -> Iterator[Node]:
        """The nodes of which this one consists."""
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, Node):
                yield value
            elif isinstance(value, tuple):
                yield from (child for child in value if isinstance(child, Node))

    def declares(self) -> Iterator[Ident]:
        """The words of this node, not of its parts, that are names."""
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, Ident):
                yield value


class Ident(str):
    """A name as written: a string that knows its place, so that a message can point at it."""

    span: Span

    def __new__(cls, name: str, span: Span) -> Ident:
        """The name ``name``, read at ``span``."""
        ident = super().__new__(cls, name)
        ident.span = span
        return ident

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """Copies and pickles are plain strings: the place means nothing outside this room."""
        return str, (str(self),)


@frozen
class Expr(Node):
    """An expression or formula."""


@frozen
class Integer(Expr):
    """A number; ``digits`` as written, with its unit (``2M``, ``0xffff_0000``)."""

    digits: str


@frozen
class Truth(Expr):
    """``true`` or ``false``."""

    value: bool


@frozen
class Name(Expr):
    """A name on its own."""

    name: str


@frozen
class Attribute(Expr):
    """``operand.name``."""

    operand: Expr
    name: Ident


@frozen
class Call(Expr):
    """``function(arguments)``."""

    function: Ident
    arguments: tuple[Expr, ...]


@frozen
class Unary(Expr):
    """``not x`` or ``~x``."""

    operator: str
    operand: Expr


@frozen
class Binary(Expr):
    """Any operator between two operands: arithmetic, bits, comparison, logic, ``has``, ``aligned``, ``=>``."""

    operator: str
    left: Expr
    right: Expr


@frozen
class MemberOf(Expr):
    """``operand in {a, b}``."""

    operand: Expr
    members: tuple[Expr, ...]


@frozen
class Cast(Expr):
    """``operand as type``, or ``as%`` where cutting off high bits is meant."""

    operand: Expr
    target: TypeName
    wraps: bool


@frozen
class Choice(Expr):
    """``if c then a else b``."""

    condition: Expr
    then: Expr
    otherwise: Expr


@frozen
class Parenthesis(Expr):
    """``(inner)``, kept so that the formatter gives back what was written."""

    inner: Expr


@frozen
class Sequence(Node):
    """A list of regions to quantify over: a map or layout, or the part of it for which ``where`` holds."""

    name: Ident
    variable: Ident | None = None
    where: Expr | None = None


class Pairing(StrEnum):
    """The pairs of regions that a two-region quantifier ranges over."""

    ANY = ","
    BEFORE = "before"
    NEXT = "next"
    ACROSS = "across"


@frozen
class Index(Node):
    """``name: type below bound``: a number that a quantifier ranges over, beside its regions."""

    name: Ident
    type: TypeName
    bound: Expr


@frozen
class Each(Expr):
    """``each r in L, k: pages below n where c: body else "message"``, over one region, over pairs of two different
    regions of one list, or (``others``) over one region as two lists have it, or each of its own list
    (`Pairing.ACROSS`); and over the ``indices``."""

    first: Ident
    pairing: Pairing | None
    second: Ident | None
    sequence: Sequence
    others: Sequence | None
    indices: tuple[Index, ...]
    where: Expr | None
    body: Expr
    message: str | None


@frozen
class Total(Expr):
    """``total(amount for r in L where c)``; ``count(r in L where c)`` has no amount."""

    amount: Expr | None
    variable: Ident
    sequence: Ident
    where: Expr | None


@frozen
class TypeName(Node):
    """A type as written; ``window`` marks ``window of name``."""

    name: str
    window: bool = False


@frozen
class Parameter(Node):
    """``name: type`` with an optional default."""

    name: Ident
    type: TypeName
    default: Expr | None
