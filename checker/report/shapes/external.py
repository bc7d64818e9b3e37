"""Shapes of proofs that others have checked."""

from __future__ import annotations

from msgspec import Struct

from checker.report.shapes.common import DiagnosticShape


class ExternalStatementShape(Struct, frozen=True):
    """A statement of a bundle. `confirmed_by` is `drat`, a solver, or null; `why` says why it is not confirmed, and
    `rejected` that something is wrong with it."""

    file: str
    confirmed_by: str | None
    rejected: bool
    why: str
    clauses: int
    steps: int


class ExternalCheckShape(Struct, frozen=True):
    """A check that the bundle proves: of its statements, how many are confirmed."""

    file: str
    scenario: str
    property: str
    statements: int
    confirmed: int


class ExternalShape(Struct, frozen=True, kw_only=True):
    """The report of `recheck --external`. `sat` is what made the proofs."""

    statements: list[ExternalStatementShape]
    checks: list[ExternalCheckShape]
    diagnostics: list[DiagnosticShape]
    sat: str
    seconds: float
    exit_status: int
    tool: str
