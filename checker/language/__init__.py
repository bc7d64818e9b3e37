"""Text to typed program: grammar, syntax tree, names and types, diagnostics, formatter. Knows no other room."""

from checker.language.format import format_module, format_text
from checker.language.limits import Limits
from checker.language.modules import SUFFIX, load, load_text, syntax_only

__all__ = ["SUFFIX", "Limits", "format_module", "format_text", "load", "load_text", "syntax_only"]
