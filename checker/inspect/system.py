"""The maps of the machine that this runs on: the firmware's from the kernel's log, the kernel's own from /sys."""

from __future__ import annotations

import os
from pathlib import Path

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic
from checker.base.files import why
from checker.inspect.material import Material, material_at, material_of
from checker.memmap import Limits

SYSTEM = Path("/sys/firmware/efi")
LOG = Path("/dev/kmsg")

_RECORD = 8192
"""Bytes of a buffer that every record of the log fits in (devkmsg_read() of Linux, CONSOLE_EXT_LOG_MAX)."""


def this_machine(limits: Limits, system: Path = SYSTEM, log: Path = LOG) -> tuple[Material, ...] | Diagnostic:
    """Return the maps of this machine, the firmware's first; each is there if the kernel shows it."""
    found: list[Material] = []
    reasons = []
    text = kernel_log(log, limits.map_bytes)
    if isinstance(text, bytes):
        read = material_of(str(log), text, limits)
        if isinstance(read, Material) and read.map.origin.is_derived:
            # A machine without EFI prints what its BIOS says of memory: no list of these says what is RUNTIME.
            reasons.append(f"the kernel's log holds no map of EFI, only {read.map.format}")
        elif isinstance(read, Material):
            found.append(read)
        elif read.code == MapCode.NO_MAP:
            reasons.append("the kernel's log holds no map")
        else:
            return read
    else:
        reasons.append(f"{log}: {text}")
    tree = system / "runtime-map"
    if tree.is_dir():
        read = material_at(str(tree), limits)
        if isinstance(read, Diagnostic):
            return read
        found.append(read)
    else:
        reasons.append(f"there is no {tree}")
    if found:
        return tuple(found)
    help = "boot with efi=debug and run this as root, or name a map; a machine without UEFI has none"
    return Diagnostic(MapCode.NOT_SHOWN, f"this machine shows no memory map: {'; '.join(reasons)}", help=help)


def kernel_log(path: Path, most: int) -> bytes | str:
    """The text of the kernel's log, as far as it is still in memory, or why it cannot be read. A record is
    ``priority,number,time,flags;text``, and lines that begin with a blank belong to it
    (Documentation/ABI/testing/dev-kmsg)."""
    parts: list[bytes] = []
    try:
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        return why(error)
    try:
        while most > 0:
            try:
                part = os.read(file, _RECORD)
            except BlockingIOError:
                break
            except BrokenPipeError:
                # This record was overwritten while it was to be read: the next one is there.
                continue
            if not part:
                break
            parts.append(part)
            most -= len(part)
    except OSError as error:
        return why(error)
    finally:
        os.close(file)
    lines = b"".join(parts).split(b"\n")
    return b"\n".join(line.partition(b";")[2] for line in lines if not line.startswith(b" "))
