"""One boot as it was captured: the firmware's memory map, and the virtual addresses that its regions were given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.base.values import frozen
from checker.compare.lists import read_lists
from checker.memmap import AS_FOUND, RUNTIME, TYPES, Descriptor, Limits, MemoryMap, Reading
from checker.memmap.formats.address_rows import DUMP_ROWS
from checker.memmap.remedies import remedy

_MAPPED = {
    TYPES[name] for name in ("LoaderCode", "LoaderData", "BootServicesCode", "BootServicesData", "ConventionalMemory")
}
"""The types of which some kernel maps regions without RUNTIME (Linux 4.6 and later, should_map_region())."""


@frozen
class Boot:
    """The list of the firmware, and the entries that were given addresses, in the order in which they are exported;
    ``remarks`` are what there is to say of the inputs."""

    firmware: MemoryMap
    placed: tuple[Descriptor, ...]
    source: str
    remarks: tuple[Diagnostic, ...] = ()


def read_boot(
    paths: Sequence[str], limits: Limits, stdin: bytes = b"", reading: Reading = AS_FOUND
) -> Boot | Diagnostic:
    """Read a capture: a folder, a text, or the firmware's map and then the one with addresses; `-` is ``stdin``."""
    lists = read_lists(paths, limits, stdin, reading)
    if isinstance(lists, Diagnostic):
        return lists
    name = " and ".join(paths)
    placed = () if lists.made is None else tuple(_placed(lists.made))
    if lists.made is None or not placed:
        return _problem(MapCode.NO_ADDRESSES, f"{name}: no region has a virtual address")
    firmware = lists.firmware
    if firmware is None and _is_dump(lists.made):
        firmware = lists.made
    if firmware is None:
        return _problem(MapCode.NO_FIRMWARE_MAP, f"{name}: there is no list of the firmware's")
    remarks = lists.remarks
    if _is_handed_over(firmware.descriptors, placed):
        message = f"{firmware.source} lists the very regions that have addresses, and no memory that is free"
        code = MapCode.HANDED_OVER
        remarks.append(Diagnostic(code, message, severity=Severity.WARNING, help=remedy(code)))
    return Boot(firmware, placed, lists.made.source, tuple(remarks))


def _placed(addressed: MemoryMap) -> list[Descriptor]:
    """The entries that were given addresses: of the whole map, those with RUNTIME."""
    whole = _is_dump(addressed)
    return [
        each
        for each in addressed.descriptors
        if (each.virt_addr or not each.phys_addr) and (each.attribute & RUNTIME or not whole)
    ]


def _is_dump(addressed: MemoryMap) -> bool:
    """Tell whether this is the whole map of the firmware, in which the EFI stub has filled addresses in."""
    return addressed.format == DUMP_ROWS or any(
        not each.attribute & RUNTIME and each.type not in _MAPPED for each in addressed.descriptors
    )


def _is_handed_over(listed: Sequence[Descriptor], placed: Sequence[Descriptor]) -> bool:
    """Tell whether the list looks like the one that a kernel started by kexec is handed, not like a firmware's."""
    free = TYPES["ConventionalMemory"]
    same = Counter((each.phys_addr, each.num_pages) for each in listed) == Counter(
        (each.phys_addr, each.num_pages) for each in placed
    )
    return same and all(each.type != free for each in listed)


def _problem(code: MapCode, message: str) -> Diagnostic:
    return Diagnostic(code, message, help=remedy(code))
