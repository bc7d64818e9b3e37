"""Shapes of verdicts."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType

from checker.report.shapes.common import DiagnosticShape, Fields, Value
from checker.report.shapes.counterexamples import CounterexampleShape


class AssumptionShape(Struct, frozen=True):
    """A rule that a check assumes, and where it is from."""

    rule: str
    origin: str | None


class UndecidedShape(Struct, frozen=True):
    """A statement that another solver did not decide."""

    statement: str
    reason: str


class CrossCheckShape(Struct, frozen=True):
    """Another solver's opinion of a proof."""

    solver: str
    version: str
    statements: int
    confirmed: int
    not_decided: list[UndecidedShape]
    contrary: list[str]


class GapRegionShape(Struct, frozen=True):
    """A region where a proof ends, before and after the turn: `w1` and `w2` are the regions that the property is about,
    `x` is any other one."""

    name: str
    run: str
    had_its_turn: bool
    before: Fields
    after: Fields


class GapVariableShape(Struct, frozen=True):
    """A variable of a run where a proof ends, before and after the turn."""

    name: str
    run: str
    before: Value
    after: Value


class GapShape(Struct, frozen=True):
    """The end of a proof that does not come: in the pass of a line the rule is lost in the turn of a region, or, where
    `turn` is null, when the pass begins. `held` are invariants that were shown, in words."""

    rule: str
    line: int
    turn: str | None
    regions: list[GapRegionShape]
    variables: list[GapVariableShape]
    held: list[str]


class ResultShape(Struct, frozen=True, kw_only=True):
    """The verdict on one check. `gap` is there where a proof was tried and it is known where it ends; `confirmed_by`
    and `cross_check` where another solver was asked; `known` where the verdict is in the baseline, `refused` where it
    must not be, whatever is expected (`--fail-on`); `trusted` where it was taken from a cache and not checked
    (`--trust-cache`); `read_from` where the algorithm is that of a source tree (`--source`). `line` is one of `file`,
    or of `stands_in`, where that is there: what the checker asks by itself (`written` is false) stands where the
    algorithm does, which may be in a module. `smallest` is false of a counterexample that has more regions than are
    searched for: fewer may do."""

    file: str
    scenario: str
    property: str
    rules: list[str]
    line: int
    stands_in: str | UnsetType = UNSET
    read_from: str | UnsetType = UNSET
    written: bool
    assumptions: list[AssumptionShape]
    expected: str
    verdict: str
    bound: int | None
    as_expected: bool
    known: bool | UnsetType = UNSET
    refused: bool | UnsetType = UNSET
    detail: str
    seconds: float
    effort: int
    hardest_query: int
    out_of_effort: int
    obligations: str
    invariants: int
    gap: GapShape | None = None
    tool: str
    solver: str
    trusted: bool | UnsetType = UNSET
    confirmed_by: list[str] | UnsetType = UNSET
    cross_check: CrossCheckShape | UnsetType | None = UNSET
    counterexample: CounterexampleShape | None
    smallest: bool | UnsetType = UNSET


class SummaryShape(Struct, frozen=True, kw_only=True):
    """The sum of all verdicts. `proofs` and `confirmed` are there where another solver was asked, `stopped_before`, the
    number of checks that were not decided, where it ended before (`-x`, a signal), `known` where there was a baseline,
    `trusted` where verdicts were taken from a cache and not checked."""

    checks: int
    as_expected: int
    not_as_expected: int
    verdicts: dict[str, int]
    trusted: int | UnsetType = UNSET
    proofs: int | UnsetType = UNSET
    confirmed: int | UnsetType = UNSET
    stopped_before: int | UnsetType = UNSET
    known: int | UnsetType = UNSET
    seconds: float
    exit_status: int
    tool: str
    solver: str


class UndecidedCheckShape(Struct, frozen=True):
    """A check that was to be decided and was not: the run was to stop before it (`-x`), or ended before it, for the
    reason that `code` names among the diagnostics. `line` is one of `stands_in` where that is there, as in results."""

    file: str
    scenario: str
    property: str
    line: int
    expected: str
    code: str | None
    stands_in: str | UnsetType = UNSET


class StatedShape(Struct, frozen=True):
    """An invariant that a file states, and its use for the proofs: `needed` by one, `holds` and no proof needs it, or
    `broken`: it was not shown."""

    file: str
    line: int
    help: str


class VerifyShape(Struct, frozen=True):
    """The report of `verify` and `recheck`. `invariants` are those that the files state, where a proof was tried;
    `undecided` are the checks that were not come to."""

    results: list[ResultShape]
    diagnostics: list[DiagnosticShape]
    summary: SummaryShape
    invariants: list[StatedShape] = []
    undecided: list[UndecidedCheckShape] = []
