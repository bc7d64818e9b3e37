"""The syntax tree: what the text says, before names and types are known.

The formatter prints it and the resolver reads it. Every node knows its span; spans are left out of comparisons, so two
texts that differ only in layout give equal trees.
"""

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


# --- expressions ---------------------------------------------------------------------------------------------------


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


# --- types, parameters ---------------------------------------------------------------------------------------------


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


# --- statements ----------------------------------------------------------------------------------------------------


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


# --- items ---------------------------------------------------------------------------------------------------------


@frozen
class Item(Node):
    """A top-level declaration."""

    name: Ident


@frozen
class Constant(Item):
    """``const NAME: type = value``."""

    type: TypeName
    value: Expr


@frozen
class Member(Node):
    """``NAME = integer`` in an enumeration or a set of flags."""

    name: Ident
    digits: str


@frozen
class Enumeration(Item):
    """``enum`` or, with ``flags`` true, ``flags``."""

    type: TypeName
    members: tuple[Member, ...]
    flags: bool


@frozen
class RecordField(Node):
    """A field of a record; ``placement`` marks the one that ``place`` writes; counterexamples ``prefer`` a value."""

    name: Ident
    type: TypeName
    placement: bool
    prefer: Expr | None


@frozen
class Mark(Node):
    """A truth value that belongs to the algorithm and starts false."""

    name: Ident


@frozen
class Derived(Node):
    """A value computed from a record's fields."""

    name: Ident
    type: TypeName
    value: Expr


@frozen
class Record(Item):
    """The fields and derived values of one region; ``base`` is the record whose own it has before them, if any."""

    base: Ident | None
    members: tuple[RecordField | Mark | Derived, ...]


@frozen
class ListType(Item):
    """``list NAME of Record`` (a memory map) or ``layout NAME of List`` (what an algorithm makes of one)."""

    element: Ident
    layout: bool


@frozen
class Window(Item):
    """``window NAME: type = start .. end``, the end exclusive."""

    type: TypeName
    start: Expr
    end: Expr


@frozen
class Function(Item):
    """``def``: a name for an expression with parameters."""

    parameters: tuple[Parameter, ...]
    result: TypeName
    value: Expr


@frozen
class Rule(Item):
    """An ``assumption`` or a ``property``: a named formula."""

    property: bool
    parameters: tuple[Parameter, ...]
    origin: str | None
    formula: Expr


@frozen
class Algorithm(Item):
    """A mapping algorithm; ``targets`` are the kinds of machine that it is for, as written."""

    parameters: tuple[Parameter, ...]
    origin: str | None
    targets: tuple[Ident, ...]
    body: tuple[Statement, ...]


@frozen
class Handover(Item):
    """The list that a kernel passes to the next one: which regions, in which order, which fields, how wide."""

    parameter: Parameter
    origin: str | None
    variable: Ident
    where: Expr | None
    travel: Ident | None
    fields: tuple[RecordField, ...]


# --- scenarios -----------------------------------------------------------------------------------------------------


@frozen
class Clause(Node):
    """A line of a scenario."""


@frozen
class Likeness(Node):
    """``like map except r: condition``."""

    map: Ident
    variable: Ident
    where: Expr


@frozen
class Given(Clause):
    """``given name: type like ... where assumptions``."""

    name: Ident
    type: TypeName
    like: Likeness | None
    assumptions: tuple[Expr, ...]


@frozen
class Run(Clause):
    """``let name = algorithm(arguments)``, or ``let name = repeat algorithm(arguments)``."""

    name: Ident
    repeated: bool
    algorithm: Ident
    arguments: tuple[Expr, ...]


@frozen
class Check(Clause):
    """``check formulas expect verdict``."""

    formulas: tuple[Expr, ...]
    expected: Ident | None


@frozen
class Assuming(Clause):
    """``assuming formulas { clauses }``: checks under further assumptions."""

    assumptions: tuple[Expr, ...]
    clauses: tuple[Clause, ...]


@frozen
class Scenario(Item):
    """Givens, runs and checks."""

    origin: str | None
    clauses: tuple[Clause, ...]


# --- the file ------------------------------------------------------------------------------------------------------


@frozen
class Use(Node):
    """One module named by ``use``."""

    name: Ident


@frozen
class Comment:
    """A comment with its place, for the formatter."""

    text: str
    start: int


@frozen
class Module(Node):
    """A whole file."""

    uses: tuple[Use, ...]
    items: tuple[Item, ...]
    comments: tuple[Comment, ...] = field(compare=False, repr=False, default=())
