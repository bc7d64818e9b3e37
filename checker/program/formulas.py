"""Formulas: what is assumed of maps and layouts, and what must hold."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import field
from enum import Enum
from functools import cached_property

from checker.base.diagnostic import Span
from checker.base.values import frozen
from checker.program.expressions import Expr, Var
from checker.program.node import Node
from checker.program.types import Integer


class FormulaNode(Node, parts=()):
    """The base of every formula: it says which maps and layouts it is about."""

    def __init_subclass__(cls, *, parts: tuple[str, ...]) -> None:
        super().__init_subclass__(parts=parts)
        if "lists" not in vars(cls):
            raise TypeError(f"{cls.__name__} does not say which `lists` it is about")

    @property
    @abstractmethod
    def lists(self) -> tuple[str, ...]:
        """The maps and layouts that the formula is about."""

    @cached_property
    def ends(self) -> tuple[str, ...]:
        """The runs of which it says what a variable is when they have ended: asked again and again, of the assumptions
        that all checks of a scenario share."""
        return _ended_in(self)


@frozen
class Regions(Node, parts=("where",)):
    """The regions of the map or layout ``name``, or those of them for which ``where`` (about ``variable``) holds; or
    the entries of a list beside the map (``beside``)."""

    name: str
    variable: str
    where: Expr
    beside: bool = False


@frozen
class Binder(Node, parts=("regions",)):
    """A variable and the regions that it ranges over."""

    variable: str
    regions: Regions


class Relation(Enum):
    """The ways in which the regions of one instance of a quantifier stand to each other. `checker.interpret.judge`
    enumerates the instances of each relation, `checker.prove.search.unroll` those on maps of a given length, and
    `checker.prove.proof.goals` says what a relation asks of witnesses."""

    ANY = "any"
    """They are different regions of one list."""
    BEFORE = "before"
    """The first stands before the second."""
    NEXT = "next"
    """The first stands before the second, and no region between them is one that the quantifier ranges over."""
    SAME = "same"
    """They are one region, as two lists have it."""
    ACROSS = "across"
    """Each is any of its own list, of which at least one stands beside the map."""


@frozen
class Message(Node, parts=("values",)):
    """Text with values in it: literal parts, with an expression, or a region's variable, between each two."""

    texts: tuple[str, ...]
    values: tuple[Expr | str, ...]


@frozen
class Index(Node, parts=("bound",)):
    """A number that a quantifier ranges over, beside its regions: any of the type that is less than ``bound``, which
    may look at the regions."""

    name: str
    type: Integer
    bound: Expr

    @property
    def variable(self) -> Var:
        """The number, as expressions speak of it. Nothing else can be called so: what is given to a rule under the same
        name keeps its meaning in the quantifier."""
        return Var(self.type, f"any {self.type.name} {self.name}")


@frozen
class ForAll(FormulaNode, parts=("binders", "where", "body", "message", "indices")):
    """``body`` holds for all regions that stand in the ``relation``, and all ``indices``, for which ``where`` holds.

    There are one or two binders. Those of one list range over the same regions of it. Where a region is in the first
    list of a `Relation.SAME` and not in the second one, the formula does not hold.
    """

    binders: tuple[Binder, ...]
    relation: Relation
    where: Expr
    body: Expr
    message: Message | None
    span: Span = field(compare=False, repr=False)
    indices: tuple[Index, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables that regions are bound to."""
        return tuple(binder.variable for binder in self.binders)

    @property
    def regions(self) -> Regions:
        """The regions that the first variable ranges over, and the second one too if all are of one list."""
        return self.binders[0].regions

    @property
    def others(self) -> Regions:
        """The regions that the last variable ranges over."""
        return self.binders[-1].regions

    @property
    def within(self) -> bool:
        """Tell whether all regions of an instance are of one list."""
        return self.relation not in (Relation.SAME, Relation.ACROSS)

    @property
    def arity(self) -> int:
        """The number of different regions of maps that an instance is about."""
        return 1 if self.relation is Relation.SAME else sum(not each.regions.beside for each in self.binders)

    @property
    def bound(self) -> int:
        """The number of different regions and entries that an instance is about."""
        return 1 if self.relation is Relation.SAME else len(self.binders)

    @property
    def beside(self) -> tuple[str, ...]:
        """The lists beside the map of whose entries an instance is about one, each as often as it is about one."""
        return tuple(each.regions.name for each in self.binders if each.regions.beside)

    @property
    def lists(self) -> tuple[str, ...]:
        """The maps and layouts that the formula is about."""
        return (self.regions.name,) if self.within else tuple(binder.regions.name for binder in self.binders)


@frozen
class TotalAtMost(FormulaNode, parts=("regions", "where", "amount")):
    """The exact sum of ``amount`` over the regions for which ``where`` holds is at most ``bound``."""

    regions: Regions
    variable: str
    where: Expr
    amount: Expr
    bound: int
    span: Span = field(compare=False, repr=False)

    @property
    def lists(self) -> tuple[str, ...]:
        """The map or layout whose regions are added up."""
        return (self.regions.name,)


@frozen
class Total(Node, parts=("regions", "where", "amount")):
    """The exact sum of ``amount`` over the regions for which ``where`` holds, ``factor`` times."""

    regions: Regions
    variable: str
    where: Expr
    amount: Expr
    factor: int


@frozen
class TotalsAtMost(FormulaNode, parts=("totals",)):
    """Some totals, added up, are at most ``bound``. It is checked, not assumed."""

    totals: tuple[Total, ...]
    bound: int
    span: Span = field(compare=False, repr=False)

    @property
    def lists(self) -> tuple[str, ...]:
        """The maps and layouts whose regions are added up, each once."""
        return tuple(dict.fromkeys(each.regions.name for each in self.totals))


def ended(node: Node) -> tuple[str, ...]:
    """The runs of which a formula says what a variable is when they have ended."""
    return node.ends if isinstance(node, FormulaNode) else _ended_in(node)


def _ended_in(node: Node) -> tuple[str, ...]:
    def within(part: Node) -> Iterator[str]:
        if isinstance(part, Var) and part.run:
            yield part.run
        for child in part.children:
            yield from within(child)

    return tuple(dict.fromkeys(within(node)))


def final(run: str, name: str) -> str:
    """The name of what a variable of a run ends with. No name in a file has a dot, and no window is called as a run."""
    return f"{run}.{name}"


@frozen
class Plain(FormulaNode, parts=("condition",)):
    """A condition on scalars only: given ones, and what runs end with."""

    condition: Expr
    span: Span = field(compare=False, repr=False)

    @property
    def lists(self) -> tuple[str, ...]:
        """The layouts of the runs of which it says what they end with."""
        return ended(self)


Formula = ForAll | TotalAtMost | TotalsAtMost | Plain


@frozen
class Conjunct(Node, parts=("formula",)):
    """One conjunct of an assumption or property: the rule that it was written in, where that is from, what it says."""

    rule: str
    origin: str | None
    formula: Formula


Formulas = tuple[Conjunct, ...]
