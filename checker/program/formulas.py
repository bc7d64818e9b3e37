"""Formulas: what is assumed of maps and layouts, and what must hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from checker.base.diagnostic import Span
from checker.program.expressions import Expr


@dataclass(frozen=True)
class Regions:
    """The regions of the map or layout ``name``, or those of them for which ``where`` (about ``variable``) holds."""

    name: str
    variable: str
    where: Expr


class Order(Enum):
    """Which pairs of different regions are meant."""

    ANY = "any"
    BEFORE = "before"
    NEXT = "next"


@dataclass(frozen=True)
class Message:
    """Text with values in it: literal parts, with an expression, or a region's variable, between each two."""

    texts: tuple[str, ...]
    values: tuple[Expr | str, ...]


@dataclass(frozen=True)
class ForRegion:
    """``body`` holds for every region for which ``where`` holds."""

    regions: Regions
    variable: str
    where: Expr
    body: Expr
    message: Message | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class ForPair:
    """``body`` holds for every pair of different regions, in the given order, for which ``where`` holds."""

    regions: Regions
    first: str
    second: str
    order: Order
    where: Expr
    body: Expr
    message: Message | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class ForSame:
    """``body`` holds for every region that is in both layouts, seen as ``first`` in one and ``second`` in the other."""

    regions: Regions
    others: Regions
    first: str
    second: str
    where: Expr
    body: Expr
    message: Message | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class TotalAtMost:
    """The exact sum of ``amount`` over the regions for which ``where`` holds is at most ``bound``."""

    regions: Regions
    variable: str
    where: Expr
    amount: Expr
    bound: int
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Plain:
    """A condition on scalars only."""

    condition: Expr
    span: Span = field(compare=False, repr=False)


Quantified = ForRegion | ForPair | ForSame
Formula = Quantified | TotalAtMost | Plain


@dataclass(frozen=True)
class Conjunct:
    """One conjunct of an assumption or property: the rule that it was written in, where that is from, what it says."""

    rule: str
    origin: str | None
    formula: Formula


Formulas = tuple[Conjunct, ...]
