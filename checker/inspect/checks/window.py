"""The room in the window of EFI on x86-64, and images that a model tears apart."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from checker.base.codes import FindingCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.handover.findings import described, entries, examples
from checker.inspect.checked_map import RUNTIME_TYPES, CheckedMap, end, is_runtime
from checker.inspect.findings import found
from checker.inspect.placement import Placement
from checker.memmap import PAGE_SIZE, TYPES

_CODE = TYPES["RuntimeServicesCode"]
_SHOWN = 3
_OF_THE_STUB = frozenset(("arm64", "arm", "riscv64"))
"""Architectures on which the EFI stub of Linux chooses the addresses."""
_TOGETHER = "use a kernel that keeps neighbours together, as Linux does on x86-64 since 4.3"
_TOGETHER_BY_STUB = (
    "boot with `efi=novamap`, which maps one to one (Linux 5.1 and later; riscv64: 5.10); on arm64, kernels with pages "
    "of 4 or 64 KiB keep neighbours together since 6.1"
)


def check_window(checked: CheckedMap) -> Iterator[Diagnostic]:
    """Find regions for which a model has no room, and neighbours that it maps apart."""
    if checked.placement is not None:
        yield from _room(checked, checked.placement)
        yield from _torn(checked, checked.placement)


def _room(checked: CheckedMap, placement: Placement) -> Iterator[Diagnostic]:
    """Regions without an address keep the one that they had, mostly 0, and firmware is told so (efi_map_region() of
    Linux warns, "VA address range overflow", and goes on)."""
    rows = list(zip(checked.regions, placement.addresses, placement.wanted, strict=True))
    left_out = [region for region, address, wanted in rows if address is None and (wanted or is_runtime(region))]
    if left_out and not placement.told:
        needed = sum(map(is_runtime, left_out))
        most = sum(region.num_pages * PAGE_SIZE for region, _, wanted in rows if wanted or is_runtime(region))
        message = (
            f"{placement.model} has no address for {entries(len(left_out))}, {needed} of them RUNTIME, among regions "
        )
        message += f"of {most:#x} bytes in all: "
        help = "have the firmware mark less as RUNTIME, or map large MMIO without it; on Linux boot with efi=noruntime"
        severity = Severity.ERROR if needed else Severity.WARNING
        yield found(severity, FindingCode.NO_ROOM, message + examples(left_out), left_out, help=help)
    if not left_out and placement.room is not None:
        # `budget` of spec/x86_64.layout: what fits in every order of the entries.
        mapped = [region for region, address, _ in rows if address is not None]
        most = sum(region.num_pages * PAGE_SIZE + placement.window.large_page for region in mapped)
        if most > placement.room.whole:
            message = (
                f"{entries(len(mapped))} fit into the window, and may not in another order: aligned, they can take "
            )
            message += f"{most:#x} bytes of its {placement.room.whole:#x}"
            help = "have the firmware mark less as RUNTIME: one region more, or another order, may not fit"
            yield found(Severity.WARNING, FindingCode.TIGHT, message, mapped, help=help)


def _torn(checked: CheckedMap, placement: Placement) -> Iterator[Diagnostic]:
    """Code and data that touch may be one image (UEFI 2.5, properties table; EDK2 moves an image by one distance, that
    of the region with its beginning)."""
    distance = {
        id(region): address - region.phys_addr
        for region, address in zip(checked.regions, placement.addresses, strict=True)
        if address is not None and region.type in RUNTIME_TYPES
    }
    pieces = [each for each in checked.by_address if id(each) in distance]
    torn = [
        (one, other)
        for one, other in pairwise(pieces)
        if end(one) == other.phys_addr and _CODE in (one.type, other.type) and distance[id(one)] != distance[id(other)]
    ]
    if torn:
        shown = "; ".join(f"{described(one)} and {described(other)}" for one, other in torn[:_SHOWN])
        more = f"; and {len(torn) - _SHOWN} more pairs" if len(torn) > _SHOWN else ""
        regions = list({id(each): each for pair in torn for each in pair}.values())
        message = f"{placement.model} maps apart what touches, and may be one image: {shown}{more}"
        by_stub = placement.architectures and placement.architectures <= _OF_THE_STUB
        help = _TOGETHER_BY_STUB if by_stub else _TOGETHER
        yield found(Severity.WARNING, FindingCode.IMAGE_TORN, message, regions, help=help)
