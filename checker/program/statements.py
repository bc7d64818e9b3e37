"""Statements and algorithms: what is done to a map.

These are the core that interpreter and prover read. What else can be written in a file is put into these words while
it is typed (`checker.program.lower`).
"""

from __future__ import annotations

import re
from abc import abstractmethod
from dataclasses import field, replace
from enum import Enum

from checker.base.diagnostic import NOWHERE, Span
from checker.base.values import frozen, frozen_by_name
from checker.program.expressions import Const, Expr
from checker.program.formulas import Formulas
from checker.program.node import Node
from checker.program.records import DROPPED, EXPORTED, Extent, Record
from checker.program.types import Type


class Exit(Enum):
    """The thing that a `Leave` ends."""

    TURN = "continue"
    PASS = "break"


@frozen_by_name
class Effects:
    """All that a statement may do by itself, beside what the statements in it do.

    The prover forgets, at the head of a loop, what the statements in it may change, and nothing else. So an effect that
    is missing here would make it prove what is not so; `checker.prove.system.turn` holds every statement to what it
    says here. Nothing has a default: a new statement says of each whether it has it.
    """

    reads: tuple[str, ...]
    """The fields and marks that it looks at beside those in its expressions."""
    writes: tuple[str, ...]
    """The fields and marks that it gives a value, of the pass's region or of the one before (`Reach`)."""
    binds: tuple[str, ...]
    """The variables that come into being with it."""
    assigns: tuple[str, ...]
    """The variables that were there before it and that it gives another value."""
    leaves: tuple[Exit, ...]
    """The things that it may end."""
    chooses: bool
    """Tell whether it takes any of some values, and there is no such run where there is none to take."""


@frozen
class StatementNode(Node, parts=()):
    """The base of every statement: it says what its effects are. A class that does not cannot be made. ``span`` is the
    statement of the text that it comes from."""

    span: Span = field(default=NOWHERE, compare=False, repr=False, kw_only=True)

    def __init_subclass__(cls, *, parts: tuple[str, ...]) -> None:
        super().__init_subclass__(parts=parts)
        if "effects" not in vars(cls):
            raise TypeError(f"{cls.__name__} does not say what its `effects` are")

    @property
    @abstractmethod
    def effects(self) -> Effects:
        """All that the statement may do, apart from the statements in it."""


@frozen
class Declare(StatementNode, parts=("value",)):
    """A variable comes into being, or gets its value for this turn."""

    name: str
    type: Type
    value: Expr

    @property
    def effects(self) -> Effects:
        """A new variable."""
        return Effects(reads=(), writes=(), binds=(self.name,), assigns=(), leaves=(), chooses=False)


@frozen
class Clearance(Node, parts=("size",)):
    """Clearance for a region, beside all others that are placed.

    ``size`` is how long a region is, in exact arithmetic; it looks at fields of the region ``variable`` only, so it
    says so of every region. ``places`` are the fields that say where a region is, each with the mark that says whether
    it is. An address ``x`` has room if no other region of the run is so placed at an ``y`` that neither
    ``x + size <= y``, with the region's own size, nor ``y + size <= x``, with the other's.
    """

    variable: str
    places: tuple[tuple[str, str], ...]
    size: Expr


@frozen
class Choose(StatementNode, parts=("low", "high", "room")):
    """The variable takes any value in ``low <= value < high`` that is a multiple of ``alignment``, and has ``room``.

    A run in which no such value exists stops being considered: there is nothing to choose. Of a truth value the number
    is meant, 0 or 1, and the bounds are numbers.
    """

    name: str
    type: Type
    low: Expr
    high: Expr
    alignment: int
    room: Clearance | None = None

    @property
    def effects(self) -> Effects:
        """A new variable, if there is a value for it. For room it looks where regions are."""
        looks = () if self.room is None else tuple(name for place in self.room.places for name in place)
        return Effects(reads=looks, writes=(), binds=(self.name,), assigns=(), leaves=(), chooses=True)


@frozen
class Assign(StatementNode, parts=("value",)):
    """A variable gets a value."""

    name: str
    value: Expr

    @property
    def effects(self) -> Effects:
        """The variable's new value."""
        return Effects(reads=(), writes=(), binds=(), assigns=(self.name,), leaves=(), chooses=False)


@frozen
class SetField(StatementNode, parts=("value",)):
    """A field of the pass's region, or the mark that says whether it is placed, gets a value."""

    region: str
    field: str
    value: Expr

    @property
    def effects(self) -> Effects:
        """The field's new value."""
        return Effects(reads=(), writes=(self.field,), binds=(), assigns=(), leaves=(), chooses=False)


@frozen
class Mark(StatementNode, parts=()):
    """The region gets one of the marks that every record has."""

    region: str
    mark: str

    @property
    def effects(self) -> Effects:
        """The mark."""
        return Effects(reads=(), writes=(self.mark,), binds=(), assigns=(), leaves=(), chooses=False)


@frozen
class Export(StatementNode, parts=()):
    """The region is appended to the list that the kernel exports, and marked."""

    region: str

    @property
    def effects(self) -> Effects:
        """The mark; the list that is exported is nothing that an algorithm can look at."""
        return Effects(reads=(), writes=(EXPORTED,), binds=(), assigns=(), leaves=(), chooses=False)


@frozen
class Remember(StatementNode, parts=()):
    """The region is the one before, under a name, for the turns that follow. When a pass begins there is none."""

    previous: str

    @property
    def effects(self) -> Effects:
        """Nothing that an algorithm can look at."""
        return Effects(reads=(), writes=(), binds=(), assigns=(), leaves=(), chooses=False)


@frozen
class Reach(StatementNode, parts=("value",)):
    """A field of the region before gets a value; where there is none, nothing happens."""

    previous: str
    field: str
    value: Expr

    @property
    def effects(self) -> Effects:
        """The field's new value."""
        return Effects(reads=(), writes=(self.field,), binds=(), assigns=(), leaves=(), chooses=False)


@frozen
class Leave(StatementNode, parts=()):
    """The region's turn ends, or the pass with it."""

    exit: Exit

    @property
    def effects(self) -> Effects:
        """The end of the turn, or of the pass."""
        return Effects(reads=(), writes=(), binds=(), assigns=(), leaves=(self.exit,), chooses=False)


@frozen
class Split(StatementNode, parts=("cuts",)):
    """The region is cut at addresses, in their order, and its turn ends.

    An address cuts only what it is inside of: it is above the region's start, less than the region's length above it,
    and not below an address that has cut before. The pieces stand where the region stood, in the order of their
    addresses, and have no turn in this pass. Each is a copy of the region but for where it begins and how long it is,
    in whole units; of the list that is exported the first one alone is part, if the region was.
    """

    region: str
    extent: Extent
    cuts: tuple[Expr, ...]

    @property
    def effects(self) -> Effects:
        """The end of the turn, and another start and length; what is exported is the first piece."""
        fields = (self.extent.start, self.extent.length)
        return Effects(
            reads=fields, writes=(*fields, EXPORTED), binds=(), assigns=(), leaves=(Exit.TURN,), chooses=False
        )


@frozen
class If(StatementNode, parts=("condition", "then", "otherwise")):
    """A conditional."""

    condition: Expr
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]

    @property
    def effects(self) -> Effects:
        """Nothing but what the statements in it do."""
        return Effects(reads=(), writes=(), binds=(), assigns=(), leaves=(), chooses=False)


@frozen
class Pass(StatementNode, parts=("where", "invariants", "body")):
    """Every region of the map in turn, from the first or (``reverse``) from the last, for which ``where`` holds, but
    for those that are dropped.

    ``invariants`` are said to hold when it begins and after every turn. They are nothing that it does: a proof may try
    them.
    """

    variable: str
    reverse: bool
    where: Expr
    body: tuple[Statement, ...]
    invariants: Formulas = ()
    beside: str = ""
    """The parameter of the algorithm that the pass goes over, if it is a list beside the map; such a pass is made for
    each of its entries, which it cannot change."""
    key: str = ""
    """The field by which the pass goes, from the least, regions that are equal in it as they stand in the map; none if
    it goes as the regions stand. Nothing in the pass writes it."""

    @property
    def effects(self) -> Effects:
        """Nothing but what the statements in it do; it looks at which regions are dropped, and at its key."""
        reads = (DROPPED, self.key) if self.key else (DROPPED,)
        return Effects(reads=reads, writes=(), binds=(), assigns=(), leaves=(), chooses=False)


Statement = Declare | Choose | Assign | SetField | Mark | Export | Remember | Reach | Leave | Split | If | Pass


Version = tuple[int, ...]

_TARGET = re.compile(r"([A-Za-z][\w ./-]*?)(?: (\d+(?:\.\d+)*)(?: to (\d+(?:\.\d+)*)| and later)?)?(?:, ([^\"]+))?")


@frozen
class Target:
    """A kind of machine. ``since`` and ``until`` are the first and the last version of the system, both included; None
    where there is none. Of ``traits`` of one kind, such as architectures, a machine has one."""

    text: str
    system: str
    since: Version | None
    until: Version | None
    traits: tuple[str, ...]

    def has_version(self, version: Version) -> bool:
        """Tell whether a version of the system is one of these. Of the last one all that begin so are: 4.2.8 is a
        4.2."""
        if self.since is not None and version < self.since:
            return False
        return self.until is None or version[: len(self.until)] <= self.until

    def meets(self, other: Target) -> bool:
        """Tell whether there are machines of both kinds, of which both say the same traits."""
        if self.system != other.system or set(self.traits) != set(other.traits):
            return False
        if self.since is None or other.since is None:
            return True
        return self.has_version(other.since) or other.has_version(self.since)


def read_target(text: str) -> Target | None:
    """Read ``SYSTEM [VERSION [to VERSION | and later]] [, TRAIT ...]``."""
    match = _TARGET.fullmatch(text)
    if match is None:
        return None
    system, first, last, traits = match.groups()
    since = read_version(first) if first else None
    until = read_version(last) if last else (since if first and "and later" not in text else None)
    return Target(text, system, since, until, tuple(each.strip() for each in traits.split(",")) if traits else ())


def read_version(text: str) -> Version:
    """Read a version of digits and dots."""
    return tuple(int(part) for part in text.split("."))


@frozen
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
    map_type: str = field(default="", compare=False)
    """The name of the map's type, where the algorithm is written."""
    targets: tuple[Target, ...] = field(default=(), compare=False)
    """The kinds of machine that the algorithm is for, as it says itself; none if it does not."""
    beside: tuple[tuple[str, Record], ...] = ()
    """The parameters that are lists beside the map, with their records."""

    def over(self, record: Record) -> Algorithm:
        """The same algorithm over regions that have all that its own have, and more that it knows nothing of."""
        return replace(self, record=record)
