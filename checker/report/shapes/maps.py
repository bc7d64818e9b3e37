"""The shapes of what is said of the map of one machine."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType

from checker.report.shapes.common import DescriptorShape, DiagnosticShape


class MapShape(Struct, frozen=True):
    """A memory map as it was read."""

    source: str
    format: str
    descriptors: list[DescriptorShape]


class MapFindingShape(Struct, frozen=True):
    """A finding about a map; its regions are numbers of descriptors, from 0. `known` is there where the finding is in
    the baseline."""

    code: str
    severity: str
    regions: list[int]
    message: str
    help: str
    known: bool | UnsetType = UNSET


class WindowShape(Struct, frozen=True):
    """Bytes of the window of EFI on x86-64 that the regions take, that their alignment takes, and that are left."""

    used: int
    lost: int
    left: int


class HandedOverShape(Struct, frozen=True):
    """The number of entries that kexec hands over, of boot services among them, and of those that it does not; `model`
    is the one whose list was counted, null where what has RUNTIME was."""

    entries: int
    boot_services: int
    left: int
    model: str | None = None


class InspectionShape(Struct, frozen=True):
    """A map that was checked; the model, where one placed its regions, and the window, where it placed them there."""

    map: MapShape
    findings: list[MapFindingShape]
    model: str | None
    window: WindowShape | None
    handed_over: HandedOverShape | None


class CheckMapShape(Struct, frozen=True):
    """The report of `check` of one map; without a map where none could be read."""

    map: MapShape | None
    findings: list[MapFindingShape]
    model: str | None
    window: WindowShape | None
    handed_over: HandedOverShape | None
    diagnostics: list[DiagnosticShape]
    exit_status: int
    tool: str


class CheckMapsShape(Struct, frozen=True):
    """The report of `check` of several maps: those of a folder, or of this machine."""

    maps: list[InspectionShape]
    passed_over: list[str]
    diagnostics: list[DiagnosticShape]
    exit_status: int
    tool: str


class PropertyShape(Struct, frozen=True):
    """A property of a scenario on one map: it holds, is broken, or is undecided, and why."""

    scenario: str
    property: str
    judgement: str
    why: str
    not_kept: list[str]


class CheckAgainstShape(Struct, frozen=True):
    """The report of `check --against`."""

    map: MapShape | None
    findings: list[MapFindingShape]
    model: str | None
    properties: list[PropertyShape]
    diagnostics: list[DiagnosticShape]
    exit_status: int
    tool: str


class PlacedAtShape(Struct, frozen=True):
    """A region and where it is: its number in the map, or in the list that a kernel printed of itself, and the first
    and last address in a space; `by` is the model, or the kernel, that has placed it."""

    space: str
    listing: str
    region: int
    descriptor: DescriptorShape
    start: str
    last: str
    by: str


class HolderShape(PlacedAtShape, frozen=True):
    """A region that holds an address: how far into it, and the physical address."""

    offset: str
    physical: str


class LocatedShape(Struct, frozen=True):
    """An address: what names it, as what and in which line; the regions that hold it, and the nearest around it."""

    asked: str
    labels: list[str]
    line: int | None
    address: str
    in_window: bool
    regions: list[HolderShape]
    below: PlacedAtShape | None
    above: PlacedAtShape | None


class WhereShape(Struct, frozen=True):
    """The report of `where`."""

    addresses: list[LocatedShape]
    addresses_known: bool
    diagnostics: list[DiagnosticShape]
    exit_status: int
    tool: str
