"""Writes a memory map in one of the formats that are read, so that reading it gives the same map."""

from __future__ import annotations

from collections.abc import Callable

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic
from checker.memmap.descriptor import MemoryMap
from checker.memmap.formats import WRITERS
from checker.memmap.formats.raw import EDK2_STRIDE, array_of, encode_array
from checker.memmap.limits import STANDARD, Limits
from checker.memmap.reader import AS_FOUND, Reading, read_bytes
from checker.memmap.remedies import remedy

RAW_FORM = "raw"
"""The form that is bytes: an array of descriptors, as it lies in memory."""

FORMS: tuple[str, ...] = (*WRITERS, RAW_FORM)
"""The forms in which a map can be written."""


def write_map(
    memory_map: MemoryMap, form: str, *, stride: int = EDK2_STRIDE, limits: Limits = STANDARD
) -> bytes | Diagnostic:
    """The map in one of the ``FORMS``; a diagnostic where that form cannot hold an entry, told by reading it again."""
    if form == RAW_FORM:
        made = encode_array(array_of(memory_map.descriptors, stride=stride), limits)
        if isinstance(made, Diagnostic):
            return made
        again = read_bytes(memory_map.source, made, limits, Reading(stride=stride))
    else:
        write: Callable[[MemoryMap], str] = WRITERS[form]
        made = write(memory_map).encode()
        again = read_bytes(memory_map.source, made, limits, AS_FOUND)
    if isinstance(again, MemoryMap) and again.descriptors == memory_map.descriptors:
        return made
    read = again.descriptors if isinstance(again, MemoryMap) else ()
    pairs = enumerate(zip(memory_map.descriptors, read, strict=False))
    number, (wanted, _) = next((pair for pair in pairs if pair[1][0] != pair[1][1]), (None, (None, None)))
    message = f"the form {form} cannot hold this map"
    if wanted is not None:
        missing = "virtual address" if wanted.virt_addr else "range"
        message += f": entry {number} at {wanted.phys_addr:#x} would lose its {missing}"
    elif isinstance(again, Diagnostic):
        message += f": {again.message}"
    return Diagnostic(MapCode.FORM_CANNOT_HOLD, message, help=remedy(MapCode.FORM_CANNOT_HOLD))
