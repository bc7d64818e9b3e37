"""Expressions: what is computed from variables, fields of regions and constants."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from checker.base.diagnostic import Span
from checker.base.values import frozen
from checker.program.node import Node
from checker.program.types import Type


class ExpressionNode(Node, parts=()):
    """The base of every expression. `Expr` is the union of all of them, over which a `match` can be whole."""


@frozen
class Const(ExpressionNode, parts=()):
    """A constant; booleans are 0 and 1."""

    type: Type
    value: int


@frozen
class Var(ExpressionNode, parts=()):
    """A variable or parameter of the algorithm, or a scalar given in the scenario; or (``run``) what a variable of a
    run of the scenario is when that has ended."""

    type: Type
    name: str
    run: str = ""


@frozen
class Field(ExpressionNode, parts=()):
    """A field of the region bound to the variable ``region``."""

    type: Type
    region: str
    name: str


class Op(StrEnum):
    """Arithmetic and bit operators. The right operand of ``DIV``, ``MOD``, ``SHL``, ``SHR`` is a constant."""

    ADD = "+"
    SUB = "-"
    MUL = "*"
    DIV = "/"
    MOD = "%"
    SHL = "<<"
    SHR = ">>"
    AND = "&"
    OR = "|"
    XOR = "^"


GROWING = (Op.ADD, Op.SUB, Op.MUL, Op.SHL)
"""The operators whose result may not fit where the operands do; of the others nothing is ever cut off."""


@frozen
class Arith(ExpressionNode, parts=("left", "right")):
    """``left op right``; see the module's text for ``wraps``."""

    type: Type
    op: Op
    left: Expr
    right: Expr
    wraps: bool
    span: Span = field(compare=False, repr=False)


@frozen
class AlignDown(ExpressionNode, parts=("operand",)):
    """The largest multiple of ``alignment`` that is not above ``operand``."""

    type: Type
    operand: Expr
    alignment: int


@frozen
class Complement(ExpressionNode, parts=("operand",)):
    """Every bit of ``operand`` turned over, in its width."""

    type: Type
    operand: Expr


@frozen
class Convert(ExpressionNode, parts=("operand",)):
    """``operand`` as another integer type; high bits that do not fit are cut off (``wraps``: on purpose)."""

    type: Type
    operand: Expr
    wraps: bool
    span: Span = field(compare=False, repr=False)


class Rel(StrEnum):
    """Comparisons, unsigned."""

    EQ = "=="
    NE = "!="
    LE = "<="
    LT = "<"


@frozen
class Compare(ExpressionNode, parts=("left", "right")):
    """``left rel right``."""

    rel: Rel
    left: Expr
    right: Expr
    type: Type


class Junction(StrEnum):
    """Connectives."""

    AND = "and"
    OR = "or"
    IMPLIES = "=>"


@frozen
class Logic(ExpressionNode, parts=("left", "right")):
    """``left junction right``."""

    junction: Junction
    left: Expr
    right: Expr
    type: Type


@frozen
class Not(ExpressionNode, parts=("operand",)):
    """Negation."""

    operand: Expr
    type: Type


@frozen
class IfElse(ExpressionNode, parts=("condition", "then", "otherwise")):
    """``then`` where ``condition`` holds, else ``otherwise``."""

    type: Type
    condition: Expr
    then: Expr
    otherwise: Expr


Expr = Const | Var | Field | Arith | AlignDown | Complement | Convert | Compare | Logic | Not | IfElse
