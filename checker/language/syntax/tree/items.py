"""Items, scenarios, and the file."""

from __future__ import annotations

from dataclasses import field

from checker.base.values import frozen
from checker.language.syntax.tree.expressions import Expr, Ident, Node, Parameter, TypeName
from checker.language.syntax.tree.statements import Statement


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
