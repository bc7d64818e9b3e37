"""The shape of a baseline: what is known, and no reason to fail."""

from __future__ import annotations

from msgspec import Struct


class KnownShape(Struct, frozen=True):
    """A verdict or finding that is known. Only the fingerprint is compared; the rest is for who reads the file."""

    fingerprint: str
    code: str
    group: str
    name: str
    message: str


class BaselineShape(Struct, frozen=True):
    """All that is known."""

    format: str
    tool: str
    known: list[KnownShape]
