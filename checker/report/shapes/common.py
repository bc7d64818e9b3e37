"""Shapes that many reports have: values, regions, places in files, diagnostics."""

from __future__ import annotations

from msgspec import Struct

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
