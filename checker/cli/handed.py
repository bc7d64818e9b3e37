"""The list that a kernel started by kexec was handed, from what the command line names."""

from __future__ import annotations

import os
from dataclasses import replace

from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic
from checker.base.values import frozen
from checker.handover import marked, number_of, read_handed, with_addresses
from checker.memmap import Limits, MemoryMap, read_path
from checker.memmap.files import decoded, load
from checker.memmap.formats.address_rows import read_address_rows
from checker.memmap.signs import EXPORTED_MAP, KERNEL_LIST, Sign


@frozen
class WhichKernel:
    """The boot that is meant: of the kernel number ``kexec`` after the first of a capture, or of the one ``after``
    another, whose list with addresses this file holds."""

    kexec: int | None = None
    after: str | None = None


ANY_KERNEL = WhichKernel()


def handed_to(name: str, which: WhichKernel, limits: Limits) -> MemoryMap | Diagnostic | None:
    """Return the list that a kernel of a capture was handed, if one is asked for, or a log is named that is of one."""
    if which.kexec is not None:
        if os.path.isdir(name):
            return read_handed(name, which.kexec, limits)
        message = f"--kexec {which.kexec} is for the folder of a capture, {name} is none"
        return Diagnostic(CommandCode.WRONG_VALUE, message, help="with the log of one kernel, --after names the other")
    number = None if which.after is not None or name == "-" else number_of(name)
    return None if number is None else read_handed(os.path.dirname(name) or ".", number, limits)


def completed(read: MemoryMap, data: bytes | None, which: WhichKernel, limits: Limits) -> MemoryMap | Diagnostic:
    """Return a list that a log prints without addresses with those that the kernel before exported, which lie in
    another file, or that the kernel itself exports, in the same text."""
    printed = read.signs.list is not None and KERNEL_LIST in read.signs.list.values
    exported: MemoryMap | Diagnostic | None
    if which.after is not None:
        exported = _exported(which.after, limits)
    elif printed and data is not None:
        source = decoded(read.source, data, limits)
        exported = source if isinstance(source, Diagnostic) else read_address_rows(source, limits)
    else:
        return read
    if exported is None:
        return read
    if isinstance(exported, Diagnostic):
        return exported
    handed = with_addresses(read.descriptors, exported.descriptors)
    if isinstance(handed, Diagnostic):
        return handed
    whose = Sign((EXPORTED_MAP,), f"the list with addresses in {exported.source}")
    told = read.told
    if which.after is None:
        told = replace(told, reservations=(*told.reservations, *marked(exported.descriptors, told)))
    return replace(read, descriptors=handed, signs=replace(read.signs, list=whose), told=told)


def _exported(path: str, limits: Limits) -> MemoryMap | Diagnostic:
    """Return the list with addresses that a file holds, or a copy of the tree `runtime-map`."""
    if not os.path.isdir(path):
        data = load(path, limits)
        source = data if isinstance(data, Diagnostic) else decoded(path, data, limits)
        rows = source if isinstance(source, Diagnostic) else read_address_rows(source, limits)
        if rows is not None:
            return rows
    read = read_path(path, limits)
    if isinstance(read, Diagnostic) or any(each.virt_addr for each in read.descriptors):
        return read
    message = f"{path} has no virtual addresses"
    help = "name what the kernel before exported: a copy of its /sys/firmware/efi/runtime-map"
    return Diagnostic(CommandCode.WRONG_VALUE, message, help=help)
