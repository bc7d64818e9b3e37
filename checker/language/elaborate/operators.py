"""The types between which each operator goes, and the type that comes out; spec/language.md holds the same rules as a
table."""

from __future__ import annotations

from checker import program as p
from checker.base.codes import LayoutCode
from checker.base.diagnostic import Rejected, Span, reject
from checker.program import types as t
from checker.program.types import Quantity

BITWISE = (p.Op.AND, p.Op.OR, p.Op.XOR)
SHIFTS = (p.Op.SHL, p.Op.SHR)
BY_CONSTANT = (p.Op.DIV, p.Op.MOD, *SHIFTS)
"""Operators whose right operand is a constant."""


def step_type(kind: t.Type) -> t.Type:
    """The type of distances between, and divisors of, values of this type."""
    return t.BYTES if isinstance(kind, t.Integer) and kind.is_address else kind


def operand_type(op: p.Op, other: t.Type) -> t.Type | None:
    """The type that a number gets beside an operand of type ``other``; None where it keeps its own."""
    if op in SHIFTS:
        return t.U64
    if op in (p.Op.MUL, p.Op.DIV):
        return other if isinstance(other, t.Integer) and other.quantity is Quantity.NUMBER else None
    return step_type(other)


def result_type(op: p.Op, left: t.Type, right: t.Type) -> t.Type | None:
    """The type of ``left op right``, or None where the operands do not go together."""
    if isinstance(left, t.Flags):
        return left if op in BITWISE and left == right else None
    if not isinstance(left, t.Integer) or not isinstance(right, t.Integer):
        return None
    if op in SHIFTS:
        return left if right.quantity is Quantity.NUMBER else None
    if op is p.Op.MUL:
        return _product(left, right)
    if op is p.Op.DIV:
        return _quotient(left, right)
    if left == right and not left.is_address:
        return left
    if left == right and op is p.Op.SUB:
        return t.BYTES
    if left.is_address and right == t.BYTES:
        return t.BYTES if op is p.Op.MOD else left
    return right if right.is_address and left == t.BYTES and op is p.Op.ADD else None


def _product(left: t.Integer, right: t.Integer) -> t.Type | None:
    if {left.quantity, right.quantity} == {Quantity.PAGES, Quantity.BYTES}:
        return t.BYTES
    if left.width != right.width or left.is_address or right.is_address:
        return None
    if right.quantity is Quantity.NUMBER:
        return left
    return right if left.quantity is Quantity.NUMBER else None


def _quotient(left: t.Integer, right: t.Integer) -> t.Type | None:
    if left.is_address or left.width != right.width:
        return None
    if right.quantity is Quantity.NUMBER:
        return left
    return t.U64 if left == right else None


def describe(kind: t.Type) -> str:
    """A type, for a message."""
    if isinstance(kind, t.Integer) and kind.is_address:
        return f"`{kind.name}` ({kind.quantity.value})"
    return f"`{kind.name}`"


def mismatch(operator: str, left: t.Type, right: t.Type, span: Span) -> Rejected:
    """The error for operands that do not go together."""
    message = f"`{operator}` between {describe(left)} and {describe(right)}"
    swapped = isinstance(left, t.Boolean) or right == t.PAGES
    return reject(
        LayoutCode.TYPE_MISMATCH, message, span, conversion(right, left) if swapped else conversion(left, right)
    )


def conversion(have: t.Type, wanted: t.Type) -> str:
    """Return the way from a value of one type to one of another, for a message: `as` where it does, and means
    something."""
    match have, wanted:
        case t.Flags(), t.Boolean():
            return "ask for flags with `has`, as in `x has RUNTIME`"
        case t.Enumeration(), t.Boolean():
            return "compare it with a member, as in `x == MEMBER`"
        case _, t.Boolean():
            return "compare it, as in `x != 0`"
        case t.Boolean(), _:
            return "choose between two values: `if x then 1 else 0`"
        case t.Integer(quantity=Quantity.PAGES), t.Integer(quantity=Quantity.BYTES) | t.PA | t.VA:
            return "`as` would take each page for a byte: write `* 4K` after the pages, or use the `.size` of a region"
        case t.Integer(quantity=Quantity.BYTES), t.Integer(quantity=Quantity.PAGES):
            return "`as` would take each byte for a page: write `(x / 4K) as pages`"
        case _:
            return "convert with `as` if that is meant"
