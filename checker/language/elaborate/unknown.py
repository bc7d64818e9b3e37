"""The diagnostic for a name that does not exist."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from checker.base.codes import LayoutCode
from checker.base.diagnostic import Diagnostic, Span
from checker.language.syntax.mistakes import meant

_MOST_NAMES = 1_000
"""The most known names that are looked through for a near miss."""
_MOST_LISTED = 20
"""The most names that a remedy lists."""


def unknown(
    code: LayoutCode, what: str, name: str, known: Iterator[str], span: Span, otherwise: str = "", of: str = ""
) -> Diagnostic:
    """The diagnostic for a name that does not exist, or is no part ``of`` something, with near misses; where there are
    none, with the remedy ``otherwise``, or, if that is empty, with all names that there are."""
    names = list(dict.fromkeys(islice(known, _MOST_NAMES)))
    every = (
        f"it is one of {', '.join(f'`{each}`' for each in names)}" if len(names) <= _MOST_LISTED else "is it misspelt?"
    )
    message = f"unknown {what} `{name}`" + (f" of `{of}`" if of else "")
    return Diagnostic(code, message, span, help=meant(name, names) or otherwise or every)
