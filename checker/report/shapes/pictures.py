"""Shapes of pictures."""

from __future__ import annotations

from msgspec import Struct

from checker.report.shapes.common import DiagnosticShape


class PicturedShape(Struct, frozen=True):
    """A region in a picture. `key` is the same for what is the same region in another panel; `said` is all that there
    is to say of it, by name."""

    key: str
    start: str
    end: str
    kind: str
    type: str
    standing: str | None
    moved_from: str | None
    said: list[tuple[str, str]]


class LandmarkShape(Struct, frozen=True):
    """An address with a name."""

    address: str
    words: str


class PanelShape(Struct, frozen=True):
    """An axis with regions on it, and the keys of those that have no place there."""

    title: str
    axis: str
    regions: list[PicturedShape]
    landmarks: list[LandmarkShape]
    absent: list[str]


class PictureShape(Struct, frozen=True):
    """Panels side by side."""

    title: str
    panels: list[PanelShape]
    remarks: list[str]


class ShowShape(Struct, frozen=True):
    """The report of `show`: the pictures, and the files that were written."""

    pictures: list[PictureShape]
    written: list[str]
    diagnostics: list[DiagnosticShape]
