"""Statements and algorithms: what is done to a map."""

from __future__ import annotations

from dataclasses import dataclass, field

from checker.base.diagnostic import Span
from checker.program.expressions import Const, Expr
from checker.program.records import Record
from checker.program.types import Type


@dataclass(frozen=True)
class Declare:
    """A variable comes into being, or gets its value for this turn."""

    name: str
    type: Type
    value: Expr


@dataclass(frozen=True)
class Choose:
    """The variable takes any value in ``low <= value < high`` that is a multiple of ``alignment``.

    A run in which no such value exists stops being considered: there is nothing to choose.
    """

    name: str
    type: Type
    low: Expr
    high: Expr
    alignment: int


@dataclass(frozen=True)
class Assign:
    """A variable gets a value."""

    name: str
    value: Expr


@dataclass(frozen=True)
class SetField:
    """A field of the pass's region gets a value."""

    region: str
    field: str
    value: Expr


@dataclass(frozen=True)
class Place:
    """The region is given an address: its placement field is set and it counts as placed."""

    region: str
    field: str
    address: Expr


@dataclass(frozen=True)
class Export:
    """The region is appended to the list that the kernel exports."""

    region: str


@dataclass(frozen=True)
class Drop:
    """Later passes do not see the region. It stays in the layout, marked, so that dropping it cannot hide it from a
    property."""

    region: str


@dataclass(frozen=True)
class Continue:
    """The region's turn ends."""


@dataclass(frozen=True)
class Break:
    """The pass ends."""


@dataclass(frozen=True)
class If:
    """A conditional."""

    condition: Expr
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]


@dataclass(frozen=True)
class Pass:
    """Every region of the map in turn, from the first or (``reverse``) from the last, for which ``where`` holds."""

    variable: str
    reverse: bool
    where: Expr
    body: tuple[Statement, ...]
    span: Span = field(compare=False, repr=False)


Statement = Declare | Choose | Assign | SetField | Place | Export | Drop | Continue | Break | If | Pass


@dataclass(frozen=True)
class Algorithm:
    """A mapping algorithm over one map. Passes stand at the top level of ``body``, or inside `If`s there."""

    name: str
    record: Record
    map_parameter: str
    parameters: tuple[tuple[str, Type, Const | None], ...]
    """The scalar parameters with their defaults."""
    body: tuple[Statement, ...]
    origin: str | None
    exports: bool
    """Whether an `export` stands anywhere in the body."""
    span: Span = field(compare=False, repr=False)
