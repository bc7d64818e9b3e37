"""The shapes of JSON reports. Their schemas are made from these classes and published in docs/schema/."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType

Value = int | str | bool | None
"""Addresses and words of flags are hexadecimal strings, everything else is a number or a truth value; null for an
address that was not given."""

Fields = dict[str, Value]
"""A region by the names of its record's fields, with `placed`."""


class SpanShape(Struct, frozen=True):
    """A stretch of a file; lines and columns count from 1, the end is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


class PlaceShape(SpanShape, frozen=True):
    """Another place that a diagnostic is about, and what is there."""

    label: str


class DiagnosticShape(Struct, frozen=True):
    """One thing that there is to say of an input; `mapproof explain` has a page on each code."""

    severity: str
    code: str
    message: str
    span: SpanShape | None
    places: list[PlaceShape]
    notes: list[str]
    help: str


class AssumptionShape(Struct, frozen=True):
    """A rule that a check assumes, and where it is from."""

    rule: str
    origin: str | None


class ChoiceShape(Struct, frozen=True):
    """The value that a run chose, for a region or outside of passes."""

    run: str
    name: str
    region: int | None
    value: Value


class RunShape(Struct, frozen=True):
    """The regions that a run received, as it left them: their numbers in the map, and the places that it exports."""

    algorithm: str
    regions: list[Fields]
    numbers: list[int]
    exported: list[int]


class ViolationShape(Struct, frozen=True):
    """The rule that is broken, by which regions, in a sentence."""

    rule: str
    regions: list[int]
    explanation: str


class CounterexampleShape(Struct, frozen=True):
    """The map, and what every run made of it."""

    map: list[Fields]
    maps: dict[str, list[Fields | None]]
    orders: dict[str, list[int]]
    generations: dict[str, int]
    scalars: dict[str, Value]
    choices: list[ChoiceShape]
    layouts: dict[str, RunShape]
    violation: ViolationShape | None


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


class ResultShape(Struct, frozen=True, kw_only=True):
    """The verdict on one check. `confirmed_by` and `cross_check` are there where another solver was asked."""

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
    detail: str
    seconds: float
    effort: int
    hardest_query: int
    out_of_effort: int
    obligations: str
    invariants: int
    tool: str
    solver: str
    confirmed_by: list[str] | UnsetType = UNSET
    cross_check: CrossCheckShape | UnsetType | None = UNSET
    counterexample: CounterexampleShape | None


class SummaryShape(Struct, frozen=True, kw_only=True):
    """The sum of all verdicts. `proofs` and `confirmed` are there where another solver was asked."""

    checks: int
    as_expected: int
    not_as_expected: int
    verdicts: dict[str, int]
    proofs: int | UnsetType = UNSET
    confirmed: int | UnsetType = UNSET
    seconds: float
    exit_status: int
    tool: str
    solver: str


class VerifyShape(Struct, frozen=True):
    """The report of `verify` and `recheck`."""

    results: list[ResultShape]
    diagnostics: list[DiagnosticShape]
    summary: SummaryShape


class WrappedShape(Struct, frozen=True):
    """An expression whose exact value did not fit."""

    line: int
    column: int
    text: str
    exact: str


class LayoutShape(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The report of `run`: a layout, or why there is none."""

    algorithm: str | UnsetType = UNSET
    regions: list[Fields] | UnsetType = UNSET
    wrapped: list[WrappedShape] | UnsetType = UNSET
    diagnostics: list[DiagnosticShape] | UnsetType = UNSET


class DescriptorShape(Struct, frozen=True):
    """An entry of a memory map."""

    type: int
    phys_addr: str
    num_pages: int
    attribute: str
    virt_addr: str


class FindingShape(Struct, frozen=True):
    """A finding about a hand-over, and the entries that it is about."""

    severity: str
    code: str
    message: str
    regions: list[DescriptorShape]


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
    """The report of `check`."""

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
    """A shipped model."""

    model: str
    algorithms: list[AlgorithmShape]
    scenarios: list[ScenarioShape]


class ModelsShape(Struct, frozen=True):
    """The report of `models`."""

    models: list[ModelShape]
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
    "run": LayoutShape,
    "check": CheckShape,
    "doctor": DoctorShape,
    "models": ModelsShape,
    "fmt": FmtShape,
    "explain": ExplainShape,
}
"""The shape of each command's report; `recheck` has that of `verify`."""
