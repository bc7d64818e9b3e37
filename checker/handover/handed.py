"""The list that a kernel started by kexec was handed, with its addresses, and what that kernel finds taken.

The list is what the kernel before exported. ``kexec -s`` (kexec_file_load) hands it on as it is; ``kexec -c`` in the
order in which kexec-tools reads the directory. A log that prints the list tells its order, but no addresses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic, Source
from checker.handover.capture import read_capture, signs_beside
from checker.handover.checks.arrival import Kernel
from checker.handover.structures import SetupType, decode_efi_setup
from checker.memmap.descriptor import PAGE_SIZE, RUNTIME, TYPES, Descriptor, MemoryMap, Origin
from checker.memmap.files import decoded, load
from checker.memmap.formats.sysfs import in_directory_order
from checker.memmap.limits import STANDARD, Limits
from checker.memmap.reader import read_bytes
from checker.memmap.reservations import Hold, Reservation, Surroundings
from checker.memmap.signs import EXPORTED_MAP, Sign
from checker.memmap.text.scanner import scan

_LOG = "kexec{}-dmesg-efi.txt"
_IOMEM = "kexec{}-iomem.txt"
_NAME = re.compile(r"kexec([0-9]{1,3})-dmesg-efi\.txt")
_ROW = re.compile(r"^( *)([0-9a-f]{8,16})-([0-9a-f]{8,16}) : (.*)$", re.MULTILINE)
_BOOT_SERVICES = (TYPES["BootServicesCode"], TYPES["BootServicesData"])
_END = 0xFFFF_FFFF_FFFF_F000
_IMAGE = ("Kernel code", "Kernel rodata", "Kernel data", "Kernel bss")


def number_of(path: str) -> int | None:
    """Return which kernel of a capture a log is of, by its name and what lies beside it; None of any other file."""
    name = _NAME.fullmatch(Path(path).name)
    return int(name[1]) if name is not None and (Path(path).parent / "runtime-map.json").is_file() else None


def read_handed(folder: str, number: int, limits: Limits = STANDARD) -> MemoryMap | Diagnostic:
    """The list that the kernel ``number`` after the first was handed, from the folder of a capture."""
    kernels = read_capture(folder, limits)
    if isinstance(kernels, Diagnostic):
        return kernels
    if number >= len(kernels) or kernels[number - 1].runtime_map is None:
        message = f"{folder} does not tell what kernel {number} after the first was handed"
        later = len(kernels) - 1
        help = (
            f"it holds the first kernel and {later} after it: --kexec can be {'1' if later == 1 else f'1 to {later}'}"
        )
        if number < len(kernels):
            help = f"the list is what kernel {number - 1} exported: add its runtime-map.json to the capture"
        return Diagnostic(MapCode.NO_HANDOVER, message, help=help)
    before, kernel = kernels[number - 1].runtime_map, kernels[number]
    assert before is not None
    log = _text(Path(folder) / _LOG.format(number), limits)
    if isinstance(log, Diagnostic):
        return log
    own = read_bytes(log.name, log.text.encode(), limits)
    told = own.told if isinstance(own, MemoryMap) else _told(log, limits)
    rows = own.descriptors if isinstance(own, MemoryMap) and own.format.is_linux_log else ()
    iomem = _text(Path(folder) / _IOMEM.format(number), limits)
    if isinstance(iomem, Diagnostic):
        return iomem
    found = _taken(kernel, iomem, told.reservations)
    if not iomem.text and kernel.runtime_map is not None:
        found += marked(kernel.runtime_map.descriptors, told)
    told = replace(told, reservations=(*told.reservations, *found))
    if _is_classic(kernel):
        before = replace(before, descriptors=tuple(in_directory_order(before.descriptors)))
    handed = with_addresses(rows, before.descriptors) if rows else before.descriptors
    if isinstance(handed, Diagnostic):
        return handed
    # A capture is of one kernel that started itself again, unless a log says otherwise.
    signs = (own.signs if isinstance(own, MemoryMap) else before.signs).narrowed_by(signs_beside(folder, limits))
    whose = Sign((EXPORTED_MAP,), f"kernel {number} after the first")
    return MemoryMap(handed, before.format, log.name, Origin.KERNEL, (), replace(signs, list=whose), told)


def with_addresses(rows: Sequence[Descriptor], exported: Sequence[Descriptor]) -> tuple[Descriptor, ...] | Diagnostic:
    """The rows of a log with the addresses that the kernel before exported: of entries that are alike but for those,
    each in its turn."""
    left: dict[tuple[int, int], list[Descriptor]] = {}
    for each in reversed(exported):
        left.setdefault((each.type, each.phys_addr), []).append(each)
    found = []
    for row in rows:
        known = left.get((row.type, row.phys_addr))
        if not known:
            message = f"the list has {row.phys_addr:#x}, which the kernel before did not export"
            return Diagnostic(MapCode.NO_HANDOVER, message, help="name what the kernel right before this one exported")
        found.append(replace(row, virt_addr=known.pop().virt_addr))
    return tuple(found)


def marked(exported: Sequence[Descriptor], told: Surroundings) -> list[Reservation]:
    """The boot-services memory that a kernel found taken, by the marks that it made in its own list: all that is known
    where nothing tells of its own place. What it marked for a table is told of by the table."""
    tables = [each for each in told.reservations if each.kind is not Hold.TAKEN]
    return [
        Reservation(start, end, Hold.TAKEN, "what the kernel marked")
        for start, end in (
            (each.phys_addr, each.phys_addr + each.num_pages * PAGE_SIZE)
            for each in exported
            if each.type in _BOOT_SERVICES and each.attribute & RUNTIME
        )
        if not any(each.start < end and start < each.end for each in tables)
    ]


def _is_classic(kernel: Kernel) -> bool:
    """Tell whether kexec-tools made the boot parameters, not the kernel: it copies the address of runtime services,
    where the kernel writes 0."""
    if kernel.setup is None:
        return False
    found = [decode_efi_setup(each.data) for each in kernel.setup.of_type(SetupType.EFI)]
    return any(not isinstance(each, Diagnostic) and each.runtime for each in found)


def _taken(kernel: Kernel, iomem: Source, told: Sequence[Reservation]) -> list[Reservation]:
    """The memory that a kernel finds taken, by its boot parameters and by what it says lies where."""
    found = []
    params = kernel.boot_params
    if params is not None and params.efi_info.memmap:
        start = params.efi_info.memmap
        found.append(Reservation(start, start + params.efi_info.memmap_size, Hold.TAKEN, "the list itself"))
    if params is not None and params.setup_data:
        found.append(Reservation(params.setup_data, params.setup_data + 16, Hold.TAKEN, "setup_data"))
    rows = [(each[1], int(each[2], 16), int(each[3], 16) + 1, each[4]) for each in _ROW.finditer(iomem.text)]
    image = [(start, end) for _, start, end, name in rows if name in _IMAGE]
    if image:
        start, end = min(start for start, _ in image), max(end for _, end in image)
        found.append(Reservation(start, end, Hold.TAKEN, "the kernel itself"))
    late = [(each.start, each.end) for each in told if each.kind is Hold.BGRT]
    own = [(start, end) for depth, start, end, name in rows if not depth and name == "System RAM"]
    memory = sorted([*own, *late]) if own else []
    reached = 0
    for start, end in memory:
        if start > reached:
            found.append(Reservation(reached, start, Hold.TAKEN, "no memory of this kernel"))
        reached = max(reached, end)
    if memory:
        found.append(Reservation(reached, _END, Hold.TAKEN, "no memory of this kernel"))
    return found


def _told(log: Source, limits: Limits) -> Surroundings:
    """All that a log tells that prints no list."""
    scanned = scan(log, limits)
    return Surroundings() if isinstance(scanned, Diagnostic) else scanned.told


def _text(path: Path, limits: Limits) -> Source | Diagnostic:
    """The text of a file that may be missing."""
    if not path.is_file():
        return Source(str(path), "")
    data = load(str(path), limits)
    return data if isinstance(data, Diagnostic) else decoded(str(path), data, limits)
