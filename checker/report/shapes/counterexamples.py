"""Shapes of counterexamples, in reports and as files, and of what becomes of these when they are run again."""

from __future__ import annotations

from msgspec import Struct

from checker.report.shapes.common import DiagnosticShape, Fields, Value


class TypeShape(Struct, frozen=True):
    """The type of a field: `integer`, `bool`, `enum` or `flags`. `quantity` says what an integer counts, `members` are
    the names of values or bits."""

    name: str
    kind: str
    width: int
    quantity: str | None
    members: dict[str, str]


class RecordShape(Struct, frozen=True):
    """The fields that regions have, in order. `placement` is the one that an algorithm sets, `page` the bytes of what
    a number of pages counts, null where the program does not say."""

    name: str
    fields: dict[str, TypeShape]
    placement: str | None
    page: int | None


class ChoiceShape(Struct, frozen=True):
    """The value that a run chose, for a region or outside of passes."""

    run: str
    name: str
    region: int | None
    value: Value


class RunShape(Struct, frozen=True):
    """The regions that a run received, as it left them: their numbers in the map, and the places that it exports.
    `landmarks` are the virtual addresses that the algorithm names, such as the ends of its window."""

    algorithm: str
    regions: list[Fields]
    numbers: list[int]
    exported: list[int]
    landmarks: list[str]


class ViolationShape(Struct, frozen=True):
    """The rule that is broken, by which regions, in a sentence."""

    rule: str
    regions: list[int]
    explanation: str


class NumbersShape(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Of numbers that a property is about beside regions, those for which it does not hold; and the lists beside the
    map."""

    indices: dict[str, int] = {}
    beside: dict[str, list[Fields]] = {}


class ValuesShape(NumbersShape, frozen=True):
    """Values for all that a scenario leaves open. `map` are the regions that the first of `maps` has."""

    map: list[Fields]
    maps: dict[str, list[Fields | None]]
    orders: dict[str, list[int]]
    generations: dict[str, int]
    scalars: dict[str, Value]
    choices: list[ChoiceShape]


class CounterexampleShape(ValuesShape, frozen=True):
    """The map, and what every run made of it."""

    layouts: dict[str, RunShape]
    violation: ViolationShape | None
    record: RecordShape


class ReferenceShape(Struct, frozen=True):
    """A model: the way to its file from the folder of the file that refers to it, or the name of a shipped one; and the
    hashes of its sources."""

    file: str
    shipped: bool
    sources: dict[str, str]


class ReplayableShape(ValuesShape, frozen=True, kw_only=True):
    """A counterexample as far as it is run again: to which check of which model, and the values."""

    format: str
    tool: str
    model: ReferenceShape
    scenario: str
    property: str


class KeptShape(ReplayableShape, frozen=True, kw_only=True):
    """A counterexample as a file, with what is there to be drawn. It is a memory map, too: `map`."""

    layouts: dict[str, RunShape]
    violation: ViolationShape | None
    record: RecordShape


class ReplayedShape(Struct, frozen=True):
    """A counterexample that was run again: `broken` or `holds`, and the sources that have changed since it was
    made."""

    file: str
    model: str
    scenario: str
    property: str
    outcome: str
    explanation: str
    changed: list[str]


class ReplayShape(Struct, frozen=True):
    """The report of `replay`."""

    results: list[ReplayedShape]
    diagnostics: list[DiagnosticShape]
    exit_status: int
    tool: str
