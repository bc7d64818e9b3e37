"""Statements of algorithms."""

from __future__ import annotations

from enum import StrEnum

from checker.base.values import frozen
from checker.language.syntax.tree.expressions import Expr, Ident, Node, TypeName


@frozen
class Statement(Node):
    """A statement of an algorithm."""


@frozen
class Let(Statement):
    """A name for a value (``mutable`` false) or a variable (``mutable`` true)."""

    name: Ident
    type: TypeName | None
    value: Expr
    mutable: bool


@frozen
class Choose(Statement):
    """Any value from ``low`` up to, not including, ``high``, a multiple of ``alignment`` where one is given; without
    these either truth value. ``apart``: so many bytes from there on, nothing else is placed."""

    name: Ident
    type: TypeName
    low: Expr | None
    high: Expr | None
    alignment: Expr | None
    apart: Apart | None = None


@frozen
class Apart(Node):
    """``apart by size``."""

    size: Expr


@frozen
class Assign(Statement):
    """``target = value`` or a compound form; ``field`` is set when a field of the region ``target`` is written."""

    target: Ident
    field: Ident | None
    operator: str
    value: Expr


@frozen
class Place(Statement):
    """``place region at address``, or ``place region.field at address`` where there are several places."""

    region: Ident
    field: Ident | None
    address: Expr


@frozen
class Split(Statement):
    """``split region at address, address``."""

    region: Ident
    cuts: tuple[Expr, ...]


class RegionAct(StrEnum):
    """The acts on a region as a whole."""

    EXPORT = "export"
    DROP = "drop"
    UNPLACE = "unplace"


@frozen
class Act(Statement):
    """``export region``, ``drop region`` or ``unplace region``; ``unplace region.field`` where there are several
    places."""

    act: RegionAct
    region: Ident
    field: Ident | None = None


class Exit(StrEnum):
    """The ways in which a region's turn ends early."""

    CONTINUE = "continue"
    BREAK = "break"


@frozen
class Leave(Statement):
    """``continue`` or ``break``."""

    exit: Exit


@frozen
class Keep(Statement):
    """``keep previous``."""

    previous: Ident


@frozen
class If(Statement):
    """A conditional; ``otherwise`` is empty where there is no ``else``."""

    condition: Expr
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]


@frozen
class While(Statement):
    """``while condition up to most { ... }``: the body again and again, at most so often."""

    condition: Expr
    most: Expr
    body: tuple[Statement, ...]


@frozen
class Invariant(Statement):
    """``invariant formulas``: said of a pass, at its beginning."""

    formulas: tuple[Expr, ...]


@frozen
class For(Statement):
    """A pass over the map."""

    variable: Ident
    reversed: bool
    sequence: Ident
    key: tuple[Ident, Ident] | None
    previous: Ident | None
    where: Expr | None
    body: tuple[Statement, ...]
