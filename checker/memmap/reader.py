"""Reads a memory map from a path or from bytes, in whatever format it comes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic, Severity, Source, Span
from checker.base.values import frozen
from checker.memmap.columns import described
from checker.memmap.descriptor import RUNTIME, MemoryMap, Origin
from checker.memmap.files import decoded, load
from checker.memmap.formats.iomem import AS_ROOT, HIDDEN, is_hidden
from checker.memmap.formats.json_map import looks_like_json, read_json
from checker.memmap.formats.raw import read_raw_bytes
from checker.memmap.formats.sysfs import read_tree
from checker.memmap.limits import STANDARD, Limits
from checker.memmap.remedies import remedy
from checker.memmap.text.list_builder import ListedMap, beside
from checker.memmap.text.scanner import Scanned, scan
from checker.memmap.text.sign_collector import signs_of_list


@frozen
class Reading:
    """The way in which an input is to be read: ``number`` is that of a list in a text that holds several, from 1;
    ``stride`` the bytes from one descriptor to the next where the input is a raw array of them, ``columns`` a
    description of the rows of a printer that is not known."""

    number: int | None = None
    stride: int | None = None
    columns: str | None = None


_LISTED = 8
"""The most lists that a message names."""

AS_FOUND = Reading()
"""The list that is taken where there are several, in whatever format it comes."""


def read_path(path: str, limits: Limits = STANDARD, reading: Reading = AS_FOUND) -> MemoryMap | Diagnostic:
    """The map in a file, or in a copy of the directory ``/sys/firmware/efi/runtime-map``."""
    if os.path.isdir(path):
        return _only(read_tree(path, limits), reading)
    data = load(path, limits)
    return data if isinstance(data, Diagnostic) else read_bytes(path, data, limits, reading)


def read_runtime_path(path: str, limits: Limits = STANDARD) -> MemoryMap | Diagnostic:
    """The list that a kernel log holds after ``EFI runtime memory map:``, from a file."""
    data = load(path, limits)
    return data if isinstance(data, Diagnostic) else read_runtime_bytes(path, data, limits)


def read_bytes(
    name: str, data: bytes, limits: Limits = STANDARD, reading: Reading = AS_FOUND
) -> MemoryMap | Diagnostic:
    """The map in ``data``, which the user knows as ``name``.

    Where there are several lists the first of the firmware that a kernel printed is the map, or else the first of the
    firmware, unless ``reading`` names another: loaders and shells print theirs before a kernel begins, and take memory
    after that. A list that the kernel made is taken only if there is no other. A damaged line in any of the lists is a
    diagnostic.
    """
    if reading.stride is not None:
        return _only(read_raw_bytes(name, data, stride=reading.stride, limits=limits), reading)
    source = decoded(name, data, limits)
    if isinstance(source, Diagnostic):
        return source
    if reading.columns is not None:
        return _described(source, reading.columns, limits, reading)
    if looks_like_json(source.text):
        answer = read_json(source, limits)
        if isinstance(answer, MemoryMap) or answer.code not in (MapCode.JSON_SYNTAX, MapCode.JSON_SHAPE):
            return _only(answer, reading)
        scanned = scan(source, limits)
        if isinstance(scanned, Diagnostic):
            return answer if scanned.code is MapCode.LINE_TOO_LONG else scanned
        return _chosen(source, scanned, reading) if scanned.lists else answer
    scanned = scan(source, limits)
    return scanned if isinstance(scanned, Diagnostic) else _chosen(source, scanned, reading)


def read_runtime_bytes(
    name: str, data: bytes, limits: Limits = STANDARD, *, near: MemoryMap | None = None
) -> MemoryMap | Diagnostic:
    """The list that a kernel log holds after ``EFI runtime memory map:``: what SetVirtualAddressMap() was called
    with. With ``near`` it is of no boot that printed another map of the firmware than that."""
    source = decoded(name, data, limits)
    if isinstance(source, Diagnostic):
        return source
    scanned = scan(source, limits)
    if isinstance(scanned, Diagnostic):
        return scanned
    for listing in scanned.lists if near is None else beside(scanned.lists, near.descriptors):
        if listing.origin is Origin.KERNEL:
            return listing.fault or _map(name, listing)
    message = f"{name} has no list after `EFI runtime memory map:`"
    return Diagnostic(MapCode.NO_RUNTIME_LIST, message, help=remedy(MapCode.NO_RUNTIME_LIST))


def _described(source: Source, columns: str, limits: Limits, reading: Reading) -> MemoryMap | Diagnostic:
    """The list of a printer whose columns are described."""
    style = described(columns)
    scanned = style if isinstance(style, Diagnostic) else scan(source, limits, (style,))
    if isinstance(scanned, Diagnostic):
        return scanned
    if scanned.lists:
        return _chosen(source, scanned, reading)
    message = f"no line of this input is such a row: {columns}"
    place = Span(source, 0, len(source.line(1)[:80]))
    return Diagnostic(MapCode.NO_MAP, message, place, help=remedy(MapCode.BAD_COLUMNS))


def _chosen(source: Source, scanned: Scanned, reading: Reading) -> MemoryMap | Diagnostic:
    """The list that is asked for, or the one that is taken otherwise, with a warning that there are others."""
    lists = scanned.lists
    if reading.number is not None:
        if reading.number > len(lists):
            return _no_such_list(source.name, lists, reading.number)
        chosen = lists[reading.number - 1]
        return chosen.fault or _map(source.name, chosen)
    damaged = next((each.fault for each in lists if each.fault and not each.origin.is_derived), None)
    if damaged is not None:
        return damaged
    firmware = [each for each in lists if each.origin is Origin.FIRMWARE]
    kernel = [each for each in lists if each.origin is Origin.KERNEL]
    ranges = [each for each in lists if each.origin is Origin.RANGES and scanned.banner is None]
    printed = [each for each in firmware if each.format.is_linux_log]
    taken = next(iter((*printed, *firmware, *kernel, *ranges)), None)
    if taken is None:
        return _no_map(source, scanned)
    if taken.fault is not None:
        return taken.fault
    if all(each.descriptors == taken.descriptors for each in firmware):
        return _map(source.name, taken)
    others = len(lists) - len(firmware)
    beside = f", and {others} list{'' if others == 1 else 's'} of another kind" if others else ""
    message = f"{source.name} holds {len(firmware)} maps{beside}; list {lists.index(taken) + 1} is taken"
    offer = "give one map, or say which is meant: " + _listing(lists)
    warning = Diagnostic(MapCode.SEVERAL_LISTS, message, taken.place, help=offer, severity=Severity.WARNING)
    return _map(source.name, taken, (warning,))


_UNTOLD = "the kernel prints its map with `efi=debug` on its command line: boot with it, or read " + (
    "/sys/firmware/efi/runtime-map"
)


def _no_map(source: Source, scanned: Scanned) -> Diagnostic:
    """The refusal of a text without a map: what is there instead, and what to do."""
    message, place, help = "no line of this input is a line of a memory map", None, remedy(MapCode.NO_MAP)
    derived = next(iter(scanned.lists), None)
    if not source.text.strip():
        return _empty(source)
    if source.text.count("\0") > len(source.text) // 8:
        message, help = (
            "this input is no text",
            "a raw array of descriptors is read with --stride 48 (from U-Boot or kexec: 40)",
        )
    elif source.text.startswith("\x1f\ufffd"):
        message, help = "this input is compressed", "unpack it first: `zcat FILE | mapproof ... -`"
    elif is_hidden(source.text):
        message, help = HIDDEN, AS_ROOT
    elif derived is not None and derived.origin is Origin.ATTRIBUTES_TABLE:
        message, place, help = "this is the memory attributes table, not the memory map", derived.place, _UNTOLD
    elif scanned.dropped is not None:
        message = "the only rows here are those that the kernel threw away as invalid; the map itself is not printed"
        place, help = scanned.dropped, _UNTOLD
    elif scanned.banner is not None and scanned.asked:
        message, place = "the kernel was started with `efi=debug`, and printed no map", scanned.banner
        help = "kernels without EFI runtime services print none: under Xen take the log of Xen itself (`xl dmesg`), "
        help += "start PREEMPT_RT kernels with `efi=debug,runtime`; or read /sys/firmware/efi/runtime-map"
    elif scanned.banner is not None:
        message = "an EFI kernel printed this, and no map: without `efi=debug` it prints none"
        place, help = scanned.banner, _UNTOLD
    if scanned.lists:
        help += f"; what is here can be taken as it is: {_listing(scanned.lists)}"
    return Diagnostic(MapCode.NO_MAP, message, place or Span(source, 0, len(source.line(1)[:80])), help=help)


def _empty(source: Source) -> Diagnostic:
    """The refusal of an input in which there is nothing."""
    what, help = "this file", "write it again, or name another file"
    if source.name == "-":
        what = "standard input"
        help = "look at the command before the pipe: `dmesg` shows the kernel's log to root alone on most systems"
    return Diagnostic(MapCode.NO_MAP, f"{what} is empty", Span(source, 0, 0), help=help)


def _only(answer: MemoryMap | Diagnostic, reading: Reading) -> MemoryMap | Diagnostic:
    """The map of an input that holds one, if no other is asked for."""
    if isinstance(answer, Diagnostic):
        return answer
    if reading.number in (None, 1):
        return replace(answer, signs=signs_of_list(answer.descriptors, answer.format, answer.origin))
    return _no_such_list(answer.source, [ListedMap(answer.descriptors, answer.format, answer.origin)], reading.number)


def _no_such_list(name: str, listings: Sequence[ListedMap], number: int) -> Diagnostic:
    message = f"{name} holds {len(listings)} list{'s' * (len(listings) > 1)}; there is no list {number}"
    return Diagnostic(MapCode.NO_SUCH_LIST, message, help=f"there is {_listing(listings)}")


def _listing(listings: Sequence[ListedMap]) -> str:
    """The lists of a text as options, with what tells them apart."""
    shown = [f"--list {number} ({each})" for number, each in enumerate(listings[:_LISTED], 1)]
    return ", ".join([*shown, f"and {len(listings) - _LISTED} more"] if len(listings) > _LISTED else shown)


def _map(name: str, listing: ListedMap, remarks: tuple[Diagnostic, ...] = ()) -> MemoryMap:
    """A list as a map, with what there is to remark on it."""
    found = [*remarks, *_lacking(listing)]
    if listing.merged is not None:
        message = "the printer merged boot-services regions into conventional memory: this is not the whole map"
        found.append(_warning(MapCode.MERGED, message, listing.merged, "print it whole: `efi mem all`"))
    rest = (listing.signs, listing.told)
    return MemoryMap(listing.descriptors, listing.format, name, listing.origin, tuple(found), *rest)


def _lacking(listing: ListedMap) -> list[Diagnostic]:
    """The warning that a list does not say which regions are RUNTIME."""
    if listing.origin is Origin.RANGES:
        message = f"{listing.format} names no attributes: no region is RUNTIME, and no algorithm places any"
        return [_warning(MapCode.LACKS_ATTRIBUTES, message, listing.place, _UNTOLD)]
    if listing.origin is Origin.ATTRIBUTES_TABLE:
        message = (
            "this is the memory attributes table: parts of runtime regions, with their protection and no cacheability"
        )
        return [_warning(MapCode.LACKS_ATTRIBUTES, message, listing.place, _UNTOLD)]
    runtime = [each for each in listing.descriptors if each.type in (5, 6)]
    if not runtime or any(each.attribute & RUNTIME for each in listing.descriptors):
        return []
    message = "regions of runtime code or data are here, and none has RUNTIME: what printed this masks the attribute"
    return [_warning(MapCode.LACKS_ATTRIBUTES, message, listing.place, "print all 64 bits of the attribute word")]


def _warning(code: MapCode, message: str, place: Span | None, help: str) -> Diagnostic:
    return Diagnostic(code, message, place, help=help, severity=Severity.WARNING)
