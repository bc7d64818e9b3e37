"""The typed program: what remains of a file once every name is resolved, every type known and every macro expanded.

This is the one tree that the interpreter, the prover and the reports read. Expressions refer to three kinds of things:
variables (`Var`: a scalar of the algorithm or a scalar given in the scenario), fields of a region that a pass or a
quantifier is looking at (`Field`), and constants.

In an algorithm, arithmetic is the machine's: modulo 2^width of the type. Where ``wraps`` is false the programmer
claims that the result always fits, and the claim is checked (the obligation ``exact_arithmetic``). In formulas,
arithmetic with ``wraps`` false is exact, over the mathematical integers; with ``wraps`` true it is the machine's there
too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, StrEnum

from checker.diagnostic import Span
from checker.language.types import Type

# --- expressions ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Const:
    """A constant; booleans are 0 and 1."""

    type: Type
    value: int


@dataclass(frozen=True)
class Var:
    """A variable or parameter of the algorithm, or a scalar given in the scenario."""

    type: Type
    name: str


@dataclass(frozen=True)
class Field:
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


@dataclass(frozen=True)
class Arith:
    """``left op right``; see the module's text for ``wraps``."""

    type: Type
    op: Op
    left: Expr
    right: Expr
    wraps: bool
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class AlignDown:
    """The largest multiple of ``alignment`` that is not above ``operand``."""

    type: Type
    operand: Expr
    alignment: int


@dataclass(frozen=True)
class Complement:
    """Every bit of ``operand`` turned over, in its width."""

    type: Type
    operand: Expr


@dataclass(frozen=True)
class Convert:
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


@dataclass(frozen=True)
class Compare:
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


@dataclass(frozen=True)
class Logic:
    """``left junction right``."""

    junction: Junction
    left: Expr
    right: Expr
    type: Type


@dataclass(frozen=True)
class Not:
    """Negation."""

    operand: Expr
    type: Type


@dataclass(frozen=True)
class IfElse:
    """``then`` where ``condition`` holds, else ``otherwise``."""

    type: Type
    condition: Expr
    then: Expr
    otherwise: Expr


Expr = Const | Var | Field | Arith | AlignDown | Complement | Convert | Compare | Logic | Not | IfElse

# --- records -------------------------------------------------------------------------------------------------------

PLACED = "placed"
EXPORTED = "exported"
DROPPED = "dropped"
MARKS = (PLACED, EXPORTED, DROPPED)
"""The fields every record has beside its own: whether `place`, `export` and `drop` were done. All start false."""


@dataclass(frozen=True)
class Record:
    """The fields of a region, in order; ``placement`` names the one that `place` writes.

    ``marks`` are those that no map holds: truth values that start false and belong to the algorithm. ``preferred`` are
    the values that counterexamples have where it does not matter.
    """

    name: str
    fields: tuple[tuple[str, Type], ...]
    placement: str | None
    marks: tuple[str, ...] = ()
    preferred: tuple[tuple[str, int], ...] = ()

    @property
    def inputs(self) -> tuple[tuple[str, Type], ...]:
        """The fields that a map holds."""
        return tuple((name, kind) for name, kind in self.fields if name not in self.marks)

    def type_of(self, name: str) -> Type:
        """The type of a field; the caller knows that it exists."""
        return dict(self.fields)[name]


# --- statements ----------------------------------------------------------------------------------------------------


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


# --- formulas ------------------------------------------------------------------------------------------------------


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

# --- scenarios -----------------------------------------------------------------------------------------------------


class Expected(StrEnum):
    """The verdicts that a check may state."""

    PROVED = "proved"
    REFUTED = "refuted"
    VACUOUS = "vacuous"
    UNKNOWN = "unknown"
    PROVED_TO_BOUND = "proved_to_bound"


@dataclass(frozen=True)
class Likeness:
    """A map is another one but for the regions for which ``where`` (about ``variable``) holds.

    The regions of either map for which it does not hold are the same, with the same fields, in the same order; of those
    for which it holds, each map may have any, anywhere.
    """

    map: str
    variable: str
    where: Expr


@dataclass(frozen=True)
class GivenMap:
    """An arbitrary map of any length; with ``like``, one that differs from an earlier map only as told."""

    name: str
    record: Record
    like: Likeness | None = None


@dataclass(frozen=True)
class GivenScalar:
    """An arbitrary value."""

    name: str
    type: Type


class Travel(StrEnum):
    """In which order regions arrive that are handed over: as they stand in the map, the other way round, or anyhow."""

    FORWARD = "forward"
    BACKWARD = "backward"
    ANYHOW = "anyhow"


@dataclass(frozen=True)
class Handover:
    """What one kernel passes to the next: the regions of its layout for which ``where`` (about ``variable``) holds.

    ``fields`` are those that travel, each in an unsigned integer of so many bits; what does not fit is cut off. The
    others arrive as 0.
    """

    name: str
    variable: str
    where: Expr
    fields: tuple[tuple[str, int], ...]
    travel: Travel
    origin: str | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Run:
    """An algorithm applied to a given map, or to what ``handover`` makes of an earlier layout.

    ``source`` names the map or layout; ``name`` is the layout that is made. With ``chained``, hand-over and algorithm
    are applied once or any number of times more, each time to what the time before made.
    """

    name: str
    algorithm: Algorithm
    source: str
    handover: Handover | None
    arguments: tuple[Expr, ...]
    chained: bool = False


@dataclass(frozen=True)
class ExactArithmetic:
    """No checked operator of the run ``run`` wraps."""

    run: str


@dataclass(frozen=True)
class Check:
    """Something to prove. ``written`` is false for obligations that the checker added."""

    label: str
    goal: Formulas | ExactArithmetic
    assumptions: Formulas
    expected: Expected
    written: bool
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Scenario:
    """Givens, what is assumed of them, runs and checks. Every check's assumptions include the scenario's."""

    name: str
    maps: tuple[GivenMap, ...]
    scalars: tuple[GivenScalar, ...]
    runs: tuple[Run, ...]
    checks: tuple[Check, ...]
    origin: str | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Program:
    """A resolved file: its own algorithms and scenarios, and (for `run`) those that it may use.

    ``sources`` are the files that it consists of: their names as modules, sorted, and the SHA-256 of their bytes.
    """

    source_name: str
    algorithms: tuple[Algorithm, ...]
    scenarios: tuple[Scenario, ...]
    sources: tuple[tuple[str, str], ...] = field(compare=False)
    size: int = field(default=0, compare=False)
    """The words of its files, and the expressions that they expand to."""


def nodes(tree: object) -> Iterator[Expr]:
    """Every expression in a tree of statements, formulas or expressions, itself included."""
    if isinstance(tree, tuple):
        for child in tree:
            yield from nodes(child)
    elif hasattr(tree, "__dataclass_fields__"):
        if isinstance(tree, Expr):
            yield tree
        for name in tree.__dataclass_fields__:
            if name not in ("type", "span"):
                yield from nodes(getattr(tree, name))


def regions_read(tree: object) -> frozenset[str]:
    """The region variables that a tree looks at."""
    return frozenset(node.region for node in nodes(tree) if isinstance(node, Field))
