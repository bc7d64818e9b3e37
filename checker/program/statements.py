"""Statements and algorithms: what is done to a map.

These are the core that interpreter and prover read. What else can be written in a file is put into these words while
it is typed (`checker.program.lower`).
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from enum import Enum

from checker.base.diagnostic import Span
from checker.program.expressions import Const, Expr
from checker.program.node import Node
from checker.program.records import DROPPED, EXPORTED, Record
from checker.program.types import Type


class Exit(Enum):
    """The thing that a `Leave` ends."""

    TURN = "continue"
    PASS = "break"


@dataclass(frozen=True, kw_only=True)
class Effects:
    """All that a statement may do by itself, beside what the statements in it do.

    The prover forgets, at the head of a loop, what the statements in it may change, and nothing else. So an effect that
    is missing here would make it prove what is not so; `checker.prove.system.turn` holds every statement to what it
    says here. Nothing has a default: a new statement says of each whether it has it.
    """

    reads: tuple[str, ...]
    """The fields and marks that it looks at beside those in its expressions."""
    writes: tuple[str, ...]
    """The fields and marks of the pass's region that it gives a value."""
    binds: tuple[str, ...]
    """The variables that come into being with it."""
    assigns: tuple[str, ...]
    """The variables that were there before it and that it gives another value."""
    leaves: tuple[Exit, ...]
    """The things that it may end."""
    chooses: bool
    """Tell whether it takes any of some values, and there is no such run where there is none to take."""


class StatementNode(Node, parts=()):
    """The base of every statement: it says what its effects are. A class that does not cannot be made."""

    def __init_subclass__(cls, *, parts: tuple[str, ...]) -> None:
        super().__init_subclass__(parts=parts)
        if "effects" not in vars(cls):
            raise TypeError(f"{cls.__name__} does not say what its `effects` are")

    @property
    @abstractmethod
    def effects(self) -> Effects:
        """All that the statement may do, apart from the statements in it."""


@dataclass(frozen=True)
class Declare(StatementNode, parts=("value",)):
    """A variable comes into being, or gets its value for this turn."""

    name: str
    type: Type
    value: Expr

    @property
    def effects(self) -> Effects:
        """A new variable."""
        return Effects(reads=(), writes=(), binds=(self.name,), assigns=(), leaves=(), chooses=False)


@dataclass(frozen=True)
class Choose(StatementNode, parts=("low", "high")):
    """The variable takes any value in ``low <= value < high`` that is a multiple of ``alignment``.

    A run in which no such value exists stops being considered: there is nothing to choose.
    """

    name: str
    type: Type
    low: Expr
    high: Expr
    alignment: int

    @property
    def effects(self) -> Effects:
        """A new variable, if there is a value for it."""
        return Effects(reads=(), writes=(), binds=(self.name,), assigns=(), leaves=(), chooses=True)


@dataclass(frozen=True)
class Assign(StatementNode, parts=("value",)):
    """A variable gets a value."""

    name: str
    value: Expr

    @property
    def effects(self) -> Effects:
        """The variable's new value."""
        return Effects(reads=(), writes=(), binds=(), assigns=(self.name,), leaves=(), chooses=False)


@dataclass(frozen=True)
class SetField(StatementNode, parts=("value",)):
    """A field of the pass's region gets a value."""

    region: str
    field: str
    value: Expr

    @property
    def effects(self) -> Effects:
        """The field's new value."""
        return Effects(reads=(), writes=(self.field,), binds=(), assigns=(), leaves=(), chooses=False)


@dataclass(frozen=True)
class Mark(StatementNode, parts=()):
    """The region gets one of the marks that every record has, which nothing takes from it."""

    region: str
    mark: str

    @property
    def effects(self) -> Effects:
        """The mark."""
        return Effects(reads=(), writes=(self.mark,), binds=(), assigns=(), leaves=(), chooses=False)


@dataclass(frozen=True)
class Export(StatementNode, parts=()):
    """The region is appended to the list that the kernel exports, and marked."""

    region: str

    @property
    def effects(self) -> Effects:
        """The mark; the list that is exported is nothing that an algorithm can look at."""
        return Effects(reads=(), writes=(EXPORTED,), binds=(), assigns=(), leaves=(), chooses=False)


@dataclass(frozen=True)
class Leave(StatementNode, parts=()):
    """The region's turn ends, or the pass with it."""

    exit: Exit

    @property
    def effects(self) -> Effects:
        """The end of the turn, or of the pass."""
        return Effects(reads=(), writes=(), binds=(), assigns=(), leaves=(self.exit,), chooses=False)


@dataclass(frozen=True)
class If(StatementNode, parts=("condition", "then", "otherwise")):
    """A conditional."""

    condition: Expr
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]

    @property
    def effects(self) -> Effects:
        """Nothing but what the statements in it do."""
        return Effects(reads=(), writes=(), binds=(), assigns=(), leaves=(), chooses=False)


@dataclass(frozen=True)
class Pass(StatementNode, parts=("where", "body")):
    """Every region of the map in turn, from the first or (``reverse``) from the last, for which ``where`` holds, but
    for those that are dropped."""

    variable: str
    reverse: bool
    where: Expr
    body: tuple[Statement, ...]
    span: Span = field(compare=False, repr=False)

    @property
    def effects(self) -> Effects:
        """Nothing but what the statements in it do; it looks at which regions are dropped."""
        return Effects(reads=(DROPPED,), writes=(), binds=(), assigns=(), leaves=(), chooses=False)


Statement = Declare | Choose | Assign | SetField | Mark | Export | Leave | If | Pass


@dataclass(frozen=True)
class Algorithm(Node, parts=("parameters", "body")):
    """A mapping algorithm over one map. Passes stand at the top level of ``body``, or inside `If`s there."""

    name: str
    record: Record
    map_parameter: str
    parameters: tuple[tuple[str, Type, Const | None], ...]
    """The scalar parameters with their defaults."""
    body: tuple[Statement, ...]
    origin: str | None
    exports: bool
    """Tell whether an `export` stands anywhere in the body."""
    span: Span = field(compare=False, repr=False)
