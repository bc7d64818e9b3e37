"""What the reader accepts at most. Each limit is far above any real map (the largest seen has a few hundred
entries)."""

from __future__ import annotations

MAX_INPUT_BYTES = 64 * 1024 * 1024
"""Bytes of one input."""

MAX_LINE_CHARACTERS = 1024 * 1024
"""Characters of one line of a textual list (JSON may be one line)."""

MAX_DESCRIPTORS = 1_000_000
"""Descriptors of all lists of one input together."""

MAX_LINES = 250_000
"""Lines of one input."""
