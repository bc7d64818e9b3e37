"""Steps: an algorithm between C and the text that is written. Each knows the C that it is from."""

from __future__ import annotations

from collections.abc import Iterator

from checker.base.diagnostic import Span
from checker.base.values import frozen
from checker.csource.types import CInt
from checker.csource.values import Expr


@frozen
class DeclareStep:
    """A variable, and what it is at first; ``unset`` where C leaves it open, so that nothing reads it."""

    name: str
    type: CInt
    value: Expr
    span: Span
    unset: bool = False


@frozen
class AssignStep:
    """A variable gets a value of its type."""

    name: str
    value: Expr
    span: Span


@frozen
class SetFieldStep:
    """A field of a region gets a value; ``kept`` is its type in the record."""

    region: str
    name: str
    kept: str
    value: Expr
    span: Span


@frozen
class PlaceStep:
    """A region gets its address."""

    region: str
    kept: str
    value: Expr
    span: Span


@frozen
class ExportStep:
    """A region is appended to the list."""

    region: str
    span: Span


@frozen
class DropStep:
    """A region is taken out of the map."""

    region: str
    span: Span


@frozen
class IfStep:
    """The one or the other."""

    condition: Expr
    then: tuple[Step, ...]
    otherwise: tuple[Step, ...]
    span: Span


@frozen
class LeaveStep:
    """The end of a turn: ``continue``, ``break``, or ``keep`` with the region that stays the one before."""

    word: str
    span: Span
    region: str = ""


@frozen
class PassStep:
    """A pass over the map; ``prior`` is the region before, if the body asks for it."""

    region: str
    backward: bool
    prior: str
    body: tuple[Step, ...]
    span: Span


@frozen
class RemarkStep:
    """A line of C that does nothing to the layout, and why."""

    text: str
    span: Span


Step = (
    DeclareStep
    | AssignStep
    | SetFieldStep
    | PlaceStep
    | ExportStep
    | DropStep
    | IfStep
    | LeaveStep
    | PassStep
    | RemarkStep
)


def steps_within(steps: tuple[Step, ...]) -> Iterator[Step]:
    """Return all steps, those inside of others behind them."""
    for step in steps:
        yield step
        if isinstance(step, IfStep):
            yield from steps_within(step.then)
            yield from steps_within(step.otherwise)
        elif isinstance(step, PassStep):
            yield from steps_within(step.body)


def expressions_of(step: Step) -> tuple[Expr, ...]:
    """Return the expressions of a step itself, not of those inside of it."""
    if isinstance(step, DeclareStep | AssignStep | SetFieldStep | PlaceStep):
        return (step.value,)
    return (step.condition,) if isinstance(step, IfStep) else ()
