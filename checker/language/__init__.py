"""Text to typed program: grammar, syntax tree, names and types, diagnostics, formatter. Knows no other room.

What reads text is loaded when it is first asked for: who has a program already needs no parser.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from checker.language.limits import SUFFIX, Limits

if TYPE_CHECKING:
    from checker.language.elaborate.modules import Desk, Study, load, load_text, study, syntax_only
    from checker.language.formatter.items import format_module, format_text

__all__ = [
    "SUFFIX",
    "Desk",
    "Limits",
    "Study",
    "format_module",
    "format_text",
    "load",
    "load_text",
    "study",
    "syntax_only",
]

_FORMATTING = ("format_module", "format_text")


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'checker.language' has no attribute {name!r}")
    place = "formatter.items" if name in _FORMATTING else "elaborate.modules"
    return getattr(import_module(f"checker.language.{place}"), name)
