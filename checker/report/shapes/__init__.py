"""The shapes of JSON reports. Their schemas are made from these classes and published in docs/schema/."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType

from checker.report.shapes.baseline import BaselineShape
from checker.report.shapes.common import DescriptorShape, DiagnosticShape, Fields, FindingShape, Value
from checker.report.shapes.comparisons import CompareShape, IdentifyManyShape, IdentifyShape
from checker.report.shapes.counterexamples import CounterexampleShape, KeptShape, RecordShape, ReplayShape
from checker.report.shapes.external import ExternalShape
from checker.report.shapes.maps import CheckAgainstShape, CheckMapShape, CheckMapsShape, WhereShape
from checker.report.shapes.mutants import MutateShape
from checker.report.shapes.pictures import ShowShape


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
    (`--trust-cache`)."""

    file: str
    scenario: str
    property: str
    rules: list[str]
    line: int
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


class SummaryShape(Struct, frozen=True, kw_only=True):
    """The sum of all verdicts. `proofs` and `confirmed` are there where another solver was asked, `stopped_before`, the
    number of checks that were not decided, where it was stopped (`-x`), `known` where there was a baseline, `trusted`
    where verdicts were taken from a cache and not checked."""

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


class StatedShape(Struct, frozen=True):
    """An invariant that a file states, and its use for the proofs: `needed` by one, `holds` and no proof needs it, or
    `broken`: it was not shown."""

    file: str
    line: int
    help: str


class VerifyShape(Struct, frozen=True):
    """The report of `verify` and `recheck`. `invariants` are those that the files state, where a proof was tried."""

    results: list[ResultShape]
    diagnostics: list[DiagnosticShape]
    summary: SummaryShape
    invariants: list[StatedShape] = []


class DiffShape(Struct, frozen=True, kw_only=True):
    """The report of `diff`. `alike` is null where it is not decided; `results` are the claims, up to the first that is
    refuted, with the smallest map on which the two layouts differ."""

    first: str
    second: str
    alike: bool | None
    results: list[ResultShape]
    diagnostics: list[DiagnosticShape]
    seconds: float
    exit_status: int
    tool: str
    solver: str


class WrappedShape(Struct, frozen=True):
    """An expression whose exact value did not fit."""

    line: int
    column: int
    text: str
    exact: str


class LayoutShape(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The report of `run`: a layout, or why there is none."""

    algorithm: str | UnsetType = UNSET
    record: RecordShape | UnsetType = UNSET
    landmarks: list[str] | UnsetType = UNSET
    regions: list[Fields] | UnsetType = UNSET
    wrapped: list[WrappedShape] | UnsetType = UNSET
    diagnostics: list[DiagnosticShape] | UnsetType = UNSET


class DifferenceShape(Struct, frozen=True):
    """The differences of two maps, entry by entry."""

    same_layout: bool
    same_order: bool
    common_in_order: bool
    attributes_changed: int
    gone: list[DescriptorShape]
    new: list[DescriptorShape]


class StepShape(Struct, frozen=True):
    """One kexec."""

    first: str
    second: str
    restorable: bool | None
    restored: bool | None
    difference: DifferenceShape | None
    findings: list[FindingShape]


class CheckShape(Struct, frozen=True):
    """The report of `check --handover`."""

    steps: list[StepShape]
    diagnostics: list[DiagnosticShape]
    exit_status: int
    tool: str


class SolverShape(Struct, frozen=True):
    """A solver that is known."""

    solver: str
    version: str | None
    installed: bool
    works: bool | None
    wrong: list[str]
    decides: list[str]
    limited_by: str
    note: str


class DoctorShape(Struct, frozen=True):
    """The report of `doctor`."""

    solvers: list[SolverShape]


class CacheShape(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The report of `cache`: what is there, and how many entries `clear` removed; or why it cannot be used."""

    folder: str | UnsetType = UNSET
    entries: int | UnsetType = UNSET
    bytes: int | UnsetType = UNSET
    removed: int | UnsetType = UNSET
    diagnostics: list[DiagnosticShape] | UnsetType = UNSET


class ParameterShape(Struct, frozen=True):
    """A parameter of an algorithm beside its map."""

    name: str
    type: str


class AlgorithmShape(Struct, frozen=True):
    """An algorithm of a model."""

    name: str
    origin: str | None
    parameters: list[ParameterShape]


class ExpectationShape(Struct, frozen=True):
    """A check, and the verdict that it expects."""

    property: str
    expected: str


class ScenarioShape(Struct, frozen=True):
    """A scenario of a model."""

    name: str
    origin: str | None
    checks: list[ExpectationShape]


class ModelShape(Struct, frozen=True):
    """A shipped model: its file, the kernels and architectures that it is for as it says itself, and the verdicts that
    it expects, each for a check."""

    model: str
    algorithms: list[AlgorithmShape]
    scenarios: list[ScenarioShape]
    name: str
    file: str
    kernels: list[str]
    architecture: list[str]
    verdicts: dict[str, str]


class ModelsShape(Struct, frozen=True):
    """The report of `models`."""

    models: list[ModelShape]
    diagnostics: list[DiagnosticShape]


class ListedShape(Struct, frozen=True):
    """A check that would be decided; ``written`` is false for one that the checker asks by itself."""

    file: str
    scenario: str
    property: str
    line: int
    expected: str
    written: bool


class ListShape(Struct, frozen=True):
    """The report of `verify --list`."""

    checks: list[ListedShape]
    diagnostics: list[DiagnosticShape]


class FileShape(Struct, frozen=True):
    """A file that was formatted, or is to be; the text where it was read from standard input."""

    file: str
    outcome: str
    text: str | None


class FmtShape(Struct, frozen=True):
    """The report of `fmt`."""

    files: list[FileShape]
    diagnostics: list[DiagnosticShape]
    exit_status: int


class CodeShape(Struct, frozen=True):
    """The page on a code, as Markdown."""

    code: str
    meaning: str
    page: str


class ExplainShape(Struct, frozen=True):
    """The report of `explain`."""

    codes: list[CodeShape]
    diagnostics: list[DiagnosticShape]


SHAPES: dict[str, type[Struct]] = {
    "verify": VerifyShape,
    "diff": DiffShape,
    "mutate": MutateShape,
    "recheck-external": ExternalShape,
    "identify": IdentifyShape,
    "identify-many": IdentifyManyShape,
    "compare": CompareShape,
    "list": ListShape,
    "run": LayoutShape,
    "check": CheckShape,
    "check-map": CheckMapShape,
    "check-maps": CheckMapsShape,
    "check-against": CheckAgainstShape,
    "where": WhereShape,
    "doctor": DoctorShape,
    "cache": CacheShape,
    "models": ModelsShape,
    "fmt": FmtShape,
    "explain": ExplainShape,
    "show": ShowShape,
    "replay": ReplayShape,
    "counterexample": KeptShape,
    "baseline": BaselineShape,
}
"""The shape of each report: of a command, or of one of the things that it can be asked; `recheck` has that of
`verify`, `list` is that of `verify --list`. And that of the files of counterexamples, and of baselines."""
