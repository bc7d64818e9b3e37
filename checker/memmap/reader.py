"""Reads a memory map from a path or from bytes, in whatever format it comes."""

from __future__ import annotations

import codecs
import os

from checker.diagnostic import Diagnostic, Source
from checker.memmap.codes import Code, remedy
from checker.memmap.descriptor import MemoryMap, Origin
from checker.memmap.json_map import looks_like_json, read_json
from checker.memmap.limits import MAX_INPUT_BYTES
from checker.memmap.lists import scan
from checker.memmap.open_list import Listing
from checker.memmap.sysfs import read_tree

_PROBE = 64


def read_path(path: str) -> MemoryMap | Diagnostic:
    """The map in a file, or in a copy of the directory ``/sys/firmware/efi/runtime-map``."""
    if os.path.isdir(path):
        return read_tree(path)
    data = _load(path)
    return data if isinstance(data, Diagnostic) else read_bytes(path, data)


def read_runtime_path(path: str) -> MemoryMap | Diagnostic:
    """The list that a kernel log holds after ``EFI runtime memory map:``, from a file."""
    data = _load(path)
    return data if isinstance(data, Diagnostic) else read_runtime_bytes(path, data)


def read_bytes(name: str, data: bytes) -> MemoryMap | Diagnostic:
    """The map in ``data``, which the user knows as ``name``.

    Where there are several lists the first of the firmware is the map; a list that the kernel made is taken only if
    there is no other. A
    damaged line in any of the lists is a diagnostic.
    """
    source = _decoded(name, data)
    if isinstance(source, Diagnostic):
        return source
    if looks_like_json(source.text):
        answer = read_json(source)
        if isinstance(answer, MemoryMap) or answer.code not in (Code.JSON_SYNTAX, Code.JSON_SHAPE):
            return answer
        listings = scan(source)
        if isinstance(listings, Diagnostic):
            return answer if listings.code in (Code.NO_MAP, Code.LINE_TOO_LONG) else listings
    else:
        listings = scan(source)
        if isinstance(listings, Diagnostic):
            return listings
    return _map(name, next((each for each in listings if each.origin is Origin.FIRMWARE), listings[0]))


def read_runtime_bytes(name: str, data: bytes) -> MemoryMap | Diagnostic:
    """The list that a kernel log holds after ``EFI runtime memory map:``: what SetVirtualAddressMap() was called
    with."""
    source = _decoded(name, data)
    if isinstance(source, Diagnostic):
        return source
    listings = scan(source)
    if isinstance(listings, Diagnostic):
        return listings
    for listing in listings:
        if listing.origin is Origin.KERNEL:
            return _map(name, listing)
    message = f"{name} has no list after `EFI runtime memory map:`"
    return Diagnostic(Code.NO_RUNTIME_LIST, message, help=remedy(Code.NO_RUNTIME_LIST))


def _map(name: str, listing: Listing) -> MemoryMap:
    return MemoryMap(listing.descriptors, listing.format, name, listing.origin)


def _load(path: str) -> bytes | Diagnostic:
    try:
        with open(path, "rb") as file:
            return file.read(MAX_INPUT_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        return Diagnostic(Code.UNREADABLE, f"{path}: {reason}", help=remedy(Code.UNREADABLE))


def _decoded(name: str, data: bytes) -> Source | Diagnostic:
    """The text: UTF-16 with a byte-order mark (or plainly so without), else UTF-8; bytes that are neither become
    U+FFFD."""
    if len(data) > MAX_INPUT_BYTES:
        message = f"{name} is larger than {MAX_INPUT_BYTES} bytes"
        return Diagnostic(Code.INPUT_TOO_LARGE, message, help=remedy(Code.INPUT_TOO_LARGE))
    encoding = "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif len(data) >= 4 and not any(data[1:_PROBE:2]) and all(data[:_PROBE:2]):
        encoding = "utf-16-le"
    return Source(name, data.decode(encoding, "replace"))
