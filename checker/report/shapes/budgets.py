"""Shapes of budgets."""

from __future__ import annotations

from msgspec import Struct

from checker.report.shapes.common import DiagnosticShape
from checker.report.shapes.verdicts import ResultShape


class RoomShape(Struct, frozen=True, kw_only=True):
    """The bytes that so many regions may have together."""

    regions: int
    bytes: int


class BudgetShape(Struct, frozen=True, kw_only=True):
    """The budget of an algorithm: `exact`, `gap`, `unneeded`, `none` or `undecided`. With the `slack` added to the size
    of each region for which `where` holds, all in bytes, `claim` is proved if these come to at most `proved`, and
    `refuted` is the least such bound with which it is refuted; `step` is what a size is a multiple of. `room` says what
    that is for few regions. `scenario` states it in the language, and `results` are the verdicts on its checks."""

    algorithm: str
    answer: str
    given: list[str]
    run: str
    where: str
    claim: str
    slack: int | None
    proved: int | None
    refuted: int | None
    step: int | None
    room: list[RoomShape]
    scenario: str
    results: list[ResultShape]
    why: str
    seconds: float


class BudgetsShape(Struct, frozen=True, kw_only=True):
    """The report of `budget`."""

    budgets: list[BudgetShape]
    diagnostics: list[DiagnosticShape]
    seconds: float
    exit_status: int
    tool: str
    solver: str
