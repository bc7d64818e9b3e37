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
    AS_FOUND,
    Reading,
    read_bytes,
    read_path,
    read_runtime_bytes,
    read_runtime_path,
)
from checker.memmap.reservations import NO_SURROUNDINGS, Hold, Reservation, Surroundings
from checker.memmap.text.sign_collector import signs_of_release
from checker.memmap.writer import FORMS, write_map

__all__ = [
    "FORMS",
    "write_map",
    "AS_FOUND",
    "ATTRIBUTES",
    "Descriptor",
    "DescriptorArray",
    "Format",
    "Hold",
    "Limits",
    "MemoryMap",
    "NO_SURROUNDINGS",
    "Origin",
    "PAGE_SIZE",
    "RUNTIME",
    "Reading",
    "Record",
    "Reservation",
    "TYPES",
    "Surroundings",
    "array_of",
    "decode_array",
    "encode_array",
    "read_bytes",
    "read_path",
    "read_raw_bytes",
    "read_raw_path",
    "read_runtime_bytes",
    "read_runtime_path",
    "signs_of_release",
    "write_json",
]
