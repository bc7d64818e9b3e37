"""Numbers as written: their value, their unit, and whether their type is still open."""

from __future__ import annotations

import re

from checker import program as p
from checker.base.codes import LayoutCode
from checker.base.diagnostic import reject
from checker.language.syntax import tree as s
from checker.program import types as t

_UNITS = {"": 0, "K": 10, "M": 20, "G": 30, "T": 40, "P": 50, "E": 60}


def value_of(node: s.Integer | s.Member) -> tuple[int, bool]:
    """The value of a number as written, and whether it carries a unit of bytes."""
    digits = node.digits.replace("_", "")
    if digits.startswith("0x"):
        return int(digits, 16), False
    unit = re.fullmatch(r"([0-9]+)([KMGTPE]?)", digits)
    assert unit is not None  # the grammar allows nothing else
    return int(unit[1]) << _UNITS[unit[2]], bool(unit[2])


def is_literal(node: s.Expr) -> bool:
    """Tell whether the type of this expression is still open: it consists of numbers only."""
    match node:
        case s.Integer():
            return True
        case s.Parenthesis(inner=inner):
            return is_literal(inner)
        case s.Unary(operator="~", operand=operand):
            return is_literal(operand)
        case s.Binary(operator=operator, left=left, right=right):
            return operator[0] in "+-*/%<>&|^" and operator not in _BOOLEAN and is_literal(left) and is_literal(right)
        case _:
            return False


_BOOLEAN = ("<", "<=", ">", ">=")


def number(node: s.Integer, expected: t.Type | None) -> p.Expr:
    """A number as a value of the expected type, or else of bytes (with a unit) or u64. Raises `Rejected`."""
    value, unit = value_of(node)
    kind: t.Type = t.BYTES if unit else t.U64
    if isinstance(expected, t.Integer) or (isinstance(expected, t.Enumeration | t.Flags) and not unit):
        kind = expected
    if unit and kind == t.PAGES:
        message = "a size in bytes cannot stand for pages"
        raise reject(LayoutCode.TYPE_MISMATCH, message, node.span, "write a page count")
    if value >= 1 << t.width(kind):
        message = f"{node.digits} does not fit in {t.width(kind)} bits"
        raise reject(LayoutCode.LITERAL_TOO_LARGE, message, node.span, "use a smaller number")
    return p.Const(kind, value)
