"""Reads a memory map from a path or from bytes, in whatever format it comes."""

from __future__ import annotations

import os

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic
from checker.memmap.descriptor import MemoryMap, Origin
from checker.memmap.files import decoded, load
from checker.memmap.formats.json_map import looks_like_json, read_json
from checker.memmap.formats.sysfs import read_tree
from checker.memmap.limits import STANDARD, Limits
from checker.memmap.remedies import remedy
from checker.memmap.text.list_builder import ListedMap
from checker.memmap.text.scanner import scan


def read_path(path: str, limits: Limits = STANDARD) -> MemoryMap | Diagnostic:
    """The map in a file, or in a copy of the directory ``/sys/firmware/efi/runtime-map``."""
    if os.path.isdir(path):
        return read_tree(path, limits)
    data = load(path, limits)
    return data if isinstance(data, Diagnostic) else read_bytes(path, data, limits)


def read_runtime_path(path: str, limits: Limits = STANDARD) -> MemoryMap | Diagnostic:
    """The list that a kernel log holds after ``EFI runtime memory map:``, from a file."""
    data = load(path, limits)
    return data if isinstance(data, Diagnostic) else read_runtime_bytes(path, data, limits)


def read_bytes(name: str, data: bytes, limits: Limits = STANDARD) -> MemoryMap | Diagnostic:
    """The map in ``data``, which the user knows as ``name``.

    Where there are several lists the first of the firmware is the map; a list that the kernel made is taken only if
    there is no other. A
    damaged line in any of the lists is a diagnostic.
    """
    source = decoded(name, data, limits)
    if isinstance(source, Diagnostic):
        return source
    if looks_like_json(source.text):
        answer = read_json(source, limits)
        if isinstance(answer, MemoryMap) or answer.code not in (MapCode.JSON_SYNTAX, MapCode.JSON_SHAPE):
            return answer
        listings = scan(source, limits)
        if isinstance(listings, Diagnostic):
            return answer if listings.code in (MapCode.NO_MAP, MapCode.LINE_TOO_LONG) else listings
    else:
        listings = scan(source, limits)
        if isinstance(listings, Diagnostic):
            return listings
    return _map(name, next((each for each in listings if each.origin is Origin.FIRMWARE), listings[0]))


def read_runtime_bytes(name: str, data: bytes, limits: Limits = STANDARD) -> MemoryMap | Diagnostic:
    """The list that a kernel log holds after ``EFI runtime memory map:``: what SetVirtualAddressMap() was called
    with."""
    source = decoded(name, data, limits)
    if isinstance(source, Diagnostic):
        return source
    listings = scan(source, limits)
    if isinstance(listings, Diagnostic):
        return listings
    for listing in listings:
        if listing.origin is Origin.KERNEL:
            return _map(name, listing)
    message = f"{name} has no list after `EFI runtime memory map:`"
    return Diagnostic(MapCode.NO_RUNTIME_LIST, message, help=remedy(MapCode.NO_RUNTIME_LIST))


def _map(name: str, listing: ListedMap) -> MemoryMap:
    return MemoryMap(listing.descriptors, listing.format, name, listing.origin)
