"""The cache: how much is in it, and where it is."""

from __future__ import annotations

from checker.base.diagnostic import Diagnostic
from checker.report.lines import Line, Piece, Style, clean, line
from checker.report.shapes import CacheShape
from checker.report.values import about
from checker.report.views.diagnostics import json_diagnostic
from checker.verify.cache.store import State


def cache_lines(state: State) -> list[Line]:
    """Return a line on the cache, and one on what was removed from it, if anything was."""
    where = f", {about(state.bytes)}, in {clean(str(state.folder))}"
    lines = [line(Piece(f"{_searches(state.entries)} kept", Style.STRONG), where)]
    return [line(f"removed {_searches(state.removed)}"), *lines] if state.removed else lines


def _searches(count: int) -> str:
    return f"{count} search{'' if count == 1 else 'es'}"


def json_cache(state: State | Diagnostic) -> CacheShape:
    """Put the cache into its shape."""
    if isinstance(state, Diagnostic):
        return CacheShape(diagnostics=[json_diagnostic(state)])
    return CacheShape(folder=str(state.folder), entries=state.entries, bytes=state.bytes, removed=state.removed)
