"""The shapes of JSON reports. Their schemas are made from these classes and published in docs/schema/."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType

from checker.report.shapes.baseline import BaselineShape
from checker.report.shapes.budgets import BudgetsShape
from checker.report.shapes.common import DescriptorShape, DiagnosticShape, Fields, FindingShape
from checker.report.shapes.comparisons import CompareShape, IdentifyManyShape, IdentifyShape
from checker.report.shapes.counterexamples import KeptShape, RecordShape, ReplayShape
from checker.report.shapes.external import ExternalShape
from checker.report.shapes.maps import CheckAgainstShape, CheckMapShape, CheckMapsShape, WhereShape
from checker.report.shapes.mutants import MutateShape
from checker.report.shapes.pictures import ShowShape
from checker.report.shapes.verdicts import ResultShape, VerifyShape


class PromisesShape(Struct, frozen=True, kw_only=True):
    """The checks of `models` after a patch: those that were proved without it and are refuted with it, those of which
    that is open, and how many are proved with it."""

    models: list[str]
    broken: list[ResultShape]
    open: list[ResultShape]
    kept: int


class DiffShape(Struct, frozen=True, kw_only=True):
    """The report of `diff` and `conform`. `alike` is null where it is not decided; `results` are the claims, up to the
    first that is refuted, with the smallest map on which the two layouts differ. `promises` are there where a patch
    does something, or may, and the binding names models."""

    first: str
    second: str
    alike: bool | None
    results: list[ResultShape]
    diagnostics: list[DiagnosticShape]
    seconds: float
    exit_status: int
    tool: str
    solver: str
    promises: PromisesShape | UnsetType = UNSET


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
    "budget": BudgetsShape,
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
