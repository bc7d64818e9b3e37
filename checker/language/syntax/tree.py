"""The syntax tree: what the text says, before names and types are known.

The formatter prints it and the resolver reads it. Every node knows its span; spans are left out of comparisons, so two
texts that differ only in layout give equal trees.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from checker.base.diagnostic import Span


@dataclass(frozen=True, kw_only=True)
class Node:
    """Any piece of the tree."""

    span: Span = field(compare=False, repr=False)


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


# --- expressions ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Expr(Node):
    """An expression or formula."""


@dataclass(frozen=True)
class Integer(Expr):
    """A number; ``digits`` as written, with its unit (``2M``, ``0xffff_0000``)."""

    digits: str


@dataclass(frozen=True)
class Truth(Expr):
    """``true`` or ``false``."""

    value: bool


@dataclass(frozen=True)
class Name(Expr):
    """A name on its own."""

    name: str


@dataclass(frozen=True)
class Attribute(Expr):
    """``operand.name``."""

    operand: Expr
    name: Ident


@dataclass(frozen=True)
class Call(Expr):
    """``function(arguments)``."""

    function: Ident
    arguments: tuple[Expr, ...]


@dataclass(frozen=True)
class Unary(Expr):
    """``not x`` or ``~x``."""

    operator: str
    operand: Expr


@dataclass(frozen=True)
class Binary(Expr):
    """Any operator between two operands: arithmetic, bits, comparison, logic, ``has``, ``aligned``, ``=>``."""

    operator: str
    left: Expr
    right: Expr


@dataclass(frozen=True)
class MemberOf(Expr):
    """``operand in {a, b}``."""

    operand: Expr
    members: tuple[Expr, ...]


@dataclass(frozen=True)
class Cast(Expr):
    """``operand as type``, or ``as%`` where cutting off high bits is meant."""

    operand: Expr
    target: TypeName
    wraps: bool


@dataclass(frozen=True)
class Choice(Expr):
    """``if c then a else b``."""

    condition: Expr
    then: Expr
    otherwise: Expr


@dataclass(frozen=True)
class Parenthesis(Expr):
    """``(inner)``, kept so that the formatter gives back what was written."""

    inner: Expr


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class Each(Expr):
    """``each r in L where c: body else "message"``, over one region, over pairs of two different regions of one list,
    or (``others``) over one region as two lists have it."""

    first: Ident
    pairing: Pairing | None
    second: Ident | None
    sequence: Sequence
    others: Sequence | None
    where: Expr | None
    body: Expr
    message: str | None


@dataclass(frozen=True)
class Total(Expr):
    """``total(amount for r in L where c)``; ``count(r in L where c)`` has no amount."""

    amount: Expr | None
    variable: Ident
    sequence: Ident
    where: Expr | None


# --- types, parameters ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TypeName(Node):
    """A type as written; ``window`` marks ``window of name``."""

    name: str
    window: bool = False


@dataclass(frozen=True)
class Parameter(Node):
    """``name: type`` with an optional default."""

    name: Ident
    type: TypeName
    default: Expr | None


# --- statements ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Statement(Node):
    """A statement of an algorithm."""


@dataclass(frozen=True)
class Let(Statement):
    """A name for a value (``mutable`` false) or a variable (``mutable`` true)."""

    name: Ident
    type: TypeName | None
    value: Expr
    mutable: bool


@dataclass(frozen=True)
class Choose(Statement):
    """Any value from ``low`` up to, not including, ``high``, a multiple of ``alignment`` where one is given."""

    name: Ident
    type: TypeName
    low: Expr
    high: Expr
    alignment: Expr | None


@dataclass(frozen=True)
class Assign(Statement):
    """``target = value`` or a compound form; ``field`` is set when a field of the region ``target`` is written."""

    target: Ident
    field: Ident | None
    operator: str
    value: Expr


@dataclass(frozen=True)
class Place(Statement):
    """``place region at address``."""

    region: Ident
    address: Expr


class RegionAct(StrEnum):
    """The acts on a region as a whole."""

    EXPORT = "export"
    DROP = "drop"


@dataclass(frozen=True)
class Act(Statement):
    """``export region`` or ``drop region``."""

    act: RegionAct
    region: Ident


class Exit(StrEnum):
    """The ways in which a region's turn ends early."""

    CONTINUE = "continue"
    BREAK = "break"


@dataclass(frozen=True)
class Leave(Statement):
    """``continue`` or ``break``."""

    exit: Exit


@dataclass(frozen=True)
class If(Statement):
    """A conditional; ``otherwise`` is empty where there is no ``else``."""

    condition: Expr
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]


@dataclass(frozen=True)
class For(Statement):
    """A pass over the map."""

    variable: Ident
    reversed: bool
    sequence: Ident
    where: Expr | None
    body: tuple[Statement, ...]


# --- items ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item(Node):
    """A top-level declaration."""

    name: Ident


@dataclass(frozen=True)
class Constant(Item):
    """``const NAME: type = value``."""

    type: TypeName
    value: Expr


@dataclass(frozen=True)
class Member(Node):
    """``NAME = integer`` in an enumeration or a set of flags."""

    name: Ident
    digits: str


@dataclass(frozen=True)
class Enumeration(Item):
    """``enum`` or, with ``flags`` true, ``flags``."""

    type: TypeName
    members: tuple[Member, ...]
    flags: bool


@dataclass(frozen=True)
class RecordField(Node):
    """A field of a record; ``placement`` marks the one that ``place`` writes; counterexamples ``prefer`` a value."""

    name: Ident
    type: TypeName
    placement: bool
    prefer: Expr | None


@dataclass(frozen=True)
class Mark(Node):
    """A truth value that belongs to the algorithm and starts false."""

    name: Ident


@dataclass(frozen=True)
class Derived(Node):
    """A value computed from a record's fields."""

    name: Ident
    type: TypeName
    value: Expr


@dataclass(frozen=True)
class Record(Item):
    """The fields and derived values of one region."""

    members: tuple[RecordField | Mark | Derived, ...]


@dataclass(frozen=True)
class ListType(Item):
    """``list NAME of Record`` (a memory map) or ``layout NAME of List`` (what an algorithm makes of one)."""

    element: Ident
    layout: bool


@dataclass(frozen=True)
class Window(Item):
    """``window NAME: type = start .. end``, the end exclusive."""

    type: TypeName
    start: Expr
    end: Expr


@dataclass(frozen=True)
class Function(Item):
    """``def``: a name for an expression with parameters."""

    parameters: tuple[Parameter, ...]
    result: TypeName
    value: Expr


@dataclass(frozen=True)
class Rule(Item):
    """An ``assumption`` or a ``property``: a named formula."""

    property: bool
    parameters: tuple[Parameter, ...]
    origin: str | None
    formula: Expr


@dataclass(frozen=True)
class Algorithm(Item):
    """A mapping algorithm."""

    parameters: tuple[Parameter, ...]
    origin: str | None
    body: tuple[Statement, ...]


@dataclass(frozen=True)
class Handover(Item):
    """The list that a kernel passes to the next one: which regions, in which order, which fields, how wide."""

    parameter: Parameter
    origin: str | None
    variable: Ident
    where: Expr | None
    travel: Ident | None
    fields: tuple[RecordField, ...]


# --- scenarios -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Clause(Node):
    """A line of a scenario."""


@dataclass(frozen=True)
class Likeness(Node):
    """``like map except r: condition``."""

    map: Ident
    variable: Ident
    where: Expr


@dataclass(frozen=True)
class Given(Clause):
    """``given name: type like ... where assumptions``."""

    name: Ident
    type: TypeName
    like: Likeness | None
    assumptions: tuple[Expr, ...]


@dataclass(frozen=True)
class Run(Clause):
    """``let name = algorithm(arguments)``, or ``let name = repeat algorithm(arguments)``."""

    name: Ident
    repeated: bool
    algorithm: Ident
    arguments: tuple[Expr, ...]


@dataclass(frozen=True)
class Check(Clause):
    """``check formulas expect verdict``."""

    formulas: tuple[Expr, ...]
    expected: Ident | None


@dataclass(frozen=True)
class Assuming(Clause):
    """``assuming formulas { clauses }``: checks under further assumptions."""

    assumptions: tuple[Expr, ...]
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class Scenario(Item):
    """Givens, runs and checks."""

    origin: str | None
    clauses: tuple[Clause, ...]


# --- the file ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Use(Node):
    """One module named by ``use``."""

    name: Ident


@dataclass(frozen=True)
class Comment:
    """A comment with its place, for the formatter."""

    text: str
    start: int


@dataclass(frozen=True)
class Module(Node):
    """A whole file."""

    uses: tuple[Use, ...]
    items: tuple[Item, ...]
    comments: tuple[Comment, ...] = field(compare=False, repr=False, default=())
