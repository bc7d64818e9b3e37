"""Shapes of what was seen on machines, against each other and against algorithms."""

from __future__ import annotations

from msgspec import Struct

from checker.report.shapes.common import DescriptorShape, DiagnosticShape, FindingShape


class MismatchShape(Struct, frozen=True):
    """Memory that an algorithm puts elsewhere than the kernel did; null is nowhere. `end` is exclusive."""

    type: int
    phys_addr: str
    end: str
    predicted: str | None
    captured: str | None


class AttemptShape(Struct, frozen=True):
    """An algorithm that was tried on a capture. `in_order` says that it lists the regions as the kernel does, `freed`
    counts the boot-services regions that it has and the kernel lists no more, and `suits` says that it is for such a
    machine. `base` is the first address, if the algorithm explains the capture from that one: one that the capture
    itself tells."""

    name: str
    origin: str | None
    exact: bool
    differences: int
    first_difference: MismatchShape | None
    in_order: bool
    freed: int
    suits: bool
    base: str | None


class IdentifyShape(Struct, frozen=True, kw_only=True):
    """The report of `identify`: the algorithms, best first. `listed` counts the regions in the firmware's list, and
    `placed` those that have an address."""

    models: list[AttemptShape]
    listed: int
    placed: int
    diagnostics: list[DiagnosticShape]
    exit_status: int
    tool: str


class IdentificationShape(Struct, frozen=True, kw_only=True):
    """One capture of a folder. If no algorithm explains it, `nearest` is the one that comes nearest, and `differences`
    says in how many places it differs."""

    source: str
    listed: int
    placed: int
    explained_by: list[str]
    nearest: str | None
    differences: int


class IdentifyManyShape(Struct, frozen=True, kw_only=True):
    """The report of `identify` of a folder of captures. `passed_over` are files in it that are none."""

    captures: list[IdentificationShape]
    passed_over: list[str]
    diagnostics: list[DiagnosticShape]
    exit_status: int
    tool: str


class ChangedShape(Struct, frozen=True):
    """Entries that differ, in one way or more: `moved`, `grew`, `shrank`, `split`, `merged`, `type`, `attributes`,
    `virtual address`, `gone`, `new`. `lasting` are those that the kernel may not use when boot services have ended."""

    changes: list[str]
    lasting: bool
    before: list[DescriptorShape]
    after: list[DescriptorShape]


class MapPairShape(Struct, frozen=True, kw_only=True):
    """Two lists of one kind; `same` counts the entries that both have, `breaks` is what the differences break."""

    first: str
    second: str
    addressed: bool
    regions: list[int]
    same: int
    in_order: bool
    changes: list[ChangedShape]
    breaks: list[FindingShape]


class CompareShape(Struct, frozen=True, kw_only=True):
    """The report of `compare`: the firmware's lists, and those that kernels made, as far as both inputs have them."""

    equal: bool | None
    maps: list[MapPairShape]
    diagnostics: list[DiagnosticShape]
    exit_status: int
    tool: str
