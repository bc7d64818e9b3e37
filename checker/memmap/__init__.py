"""Reads and writes real memory maps; the only place in Python that knows what real formats look like."""

from __future__ import annotations

from checker.memmap.codes import Code
from checker.memmap.descriptor import (
    ATTRIBUTES,
    PAGE_SIZE,
    RUNTIME,
    TYPES,
    Descriptor,
    Format,
    MemoryMap,
    Origin,
)
from checker.memmap.json_map import write_json
from checker.memmap.limits import MAX_DESCRIPTORS, MAX_INPUT_BYTES, MAX_LINE_CHARACTERS, MAX_LINES
from checker.memmap.reader import read_bytes, read_path, read_runtime_bytes, read_runtime_path

__all__ = [
    "ATTRIBUTES",
    "MAX_DESCRIPTORS",
    "MAX_INPUT_BYTES",
    "MAX_LINE_CHARACTERS",
    "MAX_LINES",
    "PAGE_SIZE",
    "RUNTIME",
    "TYPES",
    "Code",
    "Descriptor",
    "Format",
    "MemoryMap",
    "Origin",
    "read_bytes",
    "read_path",
    "read_runtime_bytes",
    "read_runtime_path",
    "write_json",
]
