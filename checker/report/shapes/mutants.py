"""Shapes of what becomes of mutants."""

from __future__ import annotations

from msgspec import Struct

from checker.report.shapes.common import DiagnosticShape
from checker.report.shapes.counterexamples import CounterexampleShape


class MutantShape(Struct, frozen=True, kw_only=True):
    """An algorithm with one thing changed, and its outcome: `killed`, `equal`, `survives` or `undecided`, null if it
    was only listed. `property` and `verdict` are those of the check that kills it, and `regions` counts those of the
    map that does; `searched` tells whether the solver had to be asked. `in_order` is false for one that is equal but
    for the order of what is exported. `difference` is the smallest map on which one that survives makes another
    layout."""

    name: str
    file: str
    line: int
    kind: str
    before: str
    after: str
    outcome: str | None
    why: str
    reason: str
    scenario: str | None
    property: str | None
    verdict: str | None
    regions: int | None
    searched: bool | None
    in_order: bool | None
    difference: CounterexampleShape | None
    effort: int
    seconds: float


class MutateSummaryShape(Struct, frozen=True, kw_only=True):
    """The number of mutants with each outcome, and of those that survive with a reason."""

    mutants: int
    killed: int
    equal: int
    survives: int
    undecided: int
    with_reason: int


class MutateShape(Struct, frozen=True, kw_only=True):
    """The report of `mutate`."""

    file: str
    mutants: list[MutantShape]
    diagnostics: list[DiagnosticShape]
    summary: MutateSummaryShape
    seconds: float
    exit_status: int
    tool: str
    solver: str
