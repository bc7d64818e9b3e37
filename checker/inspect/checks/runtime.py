"""The attribute RUNTIME: where it is missing, and where it should not be.

UEFI 2.10, section 7.2.3: EFI_MEMORY_RUNTIME says that the kernel has to give the region a virtual address. Linux goes
by the attribute alone (should_map_region(), 4.6 and later), Xen by the type as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.base.codes import FindingCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.handover.findings import entries, examples
from checker.inspect.checked_map import BOOT_SERVICES, KERNELS_TO_USE, RUNTIME_TYPES, CheckedMap, is_runtime
from checker.inspect.findings import found
from checker.memmap import ATTRIBUTES

CACHEABILITY = sum(ATTRIBUTES[name] for name in ("UC", "WC", "WT", "WB", "UCE", "WP"))


def check_runtime(checked: CheckedMap) -> Iterator[Diagnostic]:
    """Find regions that lack RUNTIME, have it without need, or do not say how they may be cached."""
    missing = [each for each in checked.regions if each.type in RUNTIME_TYPES and not is_runtime(each)]
    if missing:
        message = f"{entries(len(missing))} for runtime services without the attribute RUNTIME: {examples(missing)}"
        help = "update the firmware: Linux gives these no address, and firmware that runs there faults"
        if not checked.runtime:
            help = "take the list with another program if this one masks attributes; else update the firmware"
        yield found(Severity.ERROR, FindingCode.RUNTIME_MISSING, message, missing, help=help)
    if not checked.runtime:
        yield nothing_runtime()
    kept = [each for each in checked.runtime if each.type in BOOT_SERVICES]
    if kept and not checked.kernels_own:
        message = f"boot services are marked RUNTIME by the firmware, {entries(len(kept))}: {examples(kept)}"
        help = "update the firmware; until then this memory stays mapped, and kexec hands it on"
        yield found(Severity.WARNING, FindingCode.BOOT_SERVICES_RUNTIME, message, kept, help=help)
    free = [each for each in checked.runtime if each.type in KERNELS_TO_USE]
    if free and not checked.kernels_own:
        message = f"memory that is the kernel's to use is marked RUNTIME, {entries(len(free))}: {examples(free)}"
        help = "update the firmware: a kernel makes RAM of this memory, and firmware may use it all the while"
        yield found(Severity.WARNING, FindingCode.FREE_RUNTIME, message, free, help=help)
    silent = [each for each in checked.runtime if not each.attribute & CACHEABILITY]
    if silent:
        message = f"runtime regions do not say how they may be cached, {entries(len(silent))}: {examples(silent)}"
        help = "nothing on Linux, which maps them uncached; Xen leaves them out unless it is started with efi=attr=uc"
        yield found(Severity.NOTE, FindingCode.NO_CACHEABILITY, message, silent, help=help)


def nothing_runtime() -> Diagnostic:
    """The finding about a map in which no region has RUNTIME."""
    message = "no region has the attribute RUNTIME: nothing is mapped from which firmware could run"
    help = "take the whole list, with a program that shows attributes, before ExitBootServices(); efi=debug does"
    return found(Severity.WARNING, FindingCode.NOTHING_RUNTIME, message, help=help)
