"""Text to typed program: grammar, syntax tree, names and types, diagnostics, formatter. Knows no other room."""

from checker.language.modules import SUFFIX, load, load_text, syntax_only

__all__ = ["SUFFIX", "load", "load_text", "syntax_only"]
