"""Reads and writes memory maps of real machines, in every format that they come in."""

from __future__ import annotations

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
from checker.memmap.formats.json_map import (
    write_json,
)
from checker.memmap.formats.raw import (
    DescriptorArray,
    Record,
    array_of,
    decode_array,
    encode_array,
    read_raw_bytes,
    read_raw_path,
)
from checker.memmap.limits import (
    Limits,
)
from checker.memmap.reader import (
    read_bytes,
    read_path,
    read_runtime_bytes,
    read_runtime_path,
)

__all__ = [
    "ATTRIBUTES",
    "Descriptor",
    "DescriptorArray",
    "Format",
    "Limits",
    "MemoryMap",
    "Origin",
    "PAGE_SIZE",
    "RUNTIME",
    "Record",
    "TYPES",
    "array_of",
    "decode_array",
    "encode_array",
    "read_bytes",
    "read_path",
    "read_raw_bytes",
    "read_raw_path",
    "read_runtime_bytes",
    "read_runtime_path",
    "write_json",
]
