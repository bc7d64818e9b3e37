"""Text to typed program: grammar, syntax tree, names and types, diagnostics, formatter. Knows no other room."""

from checker.language.elaborate.modules import SUFFIX, load, load_text, syntax_only
from checker.language.formatter.items import format_module, format_text
from checker.language.limits import Limits

__all__ = ["SUFFIX", "Limits", "format_module", "format_text", "load", "load_text", "syntax_only"]
