"""What is wrong with a map that one kernel hands to the next, whatever laid it out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from checker.base.codes import FindingCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.handover.difference import Key, collisions, key_of
from checker.handover.findings import described, entries, examples, finding
from checker.memmap.descriptor import PAGE_SIZE, RUNTIME, TYPES, U64_MAX, Descriptor

_BOOT_SERVICES = (TYPES["BootServicesCode"], TYPES["BootServicesData"])


def is_runtime(region: Descriptor) -> bool:
    """Tell whether the firmware was promised that the region stays mapped."""
    return bool(region.attribute & RUNTIME)


def severity_of(regions: Collection[Descriptor]) -> Severity:
    """An error if a runtime region is concerned, else a warning: nobody is promised the others."""
    return Severity.ERROR if any(map(is_runtime, regions)) else Severity.WARNING


def check_map(
    regions: Sequence[Descriptor], whose: str, *, addressed: bool = True, inherited: Collection[Key] = ()
) -> tuple[Diagnostic, ...]:
    """What is wrong with a map; entries in ``inherited`` have been complained about before."""
    own = [region for region in regions if key_of(region) not in inherited]
    findings = []

    def add(code: FindingCode, test: Callable[[Descriptor], bool], severity: Severity | None, what: str) -> None:
        found = tuple(region for region in own if test(region))
        if found:
            message = f"{whose} has {entries(len(found))} {what}: {examples(found)}"
            findings.append(finding(severity or severity_of(found), code, message, found))

    add(FindingCode.ZERO_DESCRIPTOR, _is_zero, Severity.ERROR, "zero throughout")
    add(FindingCode.EMPTY_REGION, lambda each: not each.num_pages and not _is_zero(each), None, "without pages")
    add(FindingCode.IMPOSSIBLE_RANGE, _is_impossible, Severity.ERROR, "reaching to the end of the address space")
    add(FindingCode.MISALIGNED, _is_misaligned, Severity.WARNING, "with an address that is not a multiple of 0x1000")
    if addressed:
        add(FindingCode.NO_ADDRESS, _is_unplaced, None, "without a virtual address")
        findings += _shared(regions, whose, inherited)
    return tuple(findings)


def boot_services_passed(regions: Sequence[Descriptor]) -> tuple[Diagnostic, ...]:
    """A note where boot-services regions are handed over, which the agreement on kexec did not mean to pass."""
    found = tuple(region for region in regions if region.type in _BOOT_SERVICES)
    if not found:
        return ()
    tagged = sum(map(is_runtime, found))
    message = f"{len(found)} of {entries(len(regions))} are boot services, {tagged} of them marked as runtime"
    return (finding(Severity.NOTE, FindingCode.BOOT_SERVICES_PASSED, message, found),)


def _shared(regions: Sequence[Descriptor], whose: str, inherited: Collection[Key]) -> list[Diagnostic]:
    pairs = [pair for pair in collisions(regions) if any(key_of(each) not in inherited for each in pair)]
    if not pairs:
        return []
    found = tuple(dict.fromkeys(each for pair in pairs for each in pair))
    shown = "; ".join(f"{described(one)} and {described(other)}" for one, other in pairs[:3])
    more = f"; and {len(pairs) - 3} more pairs" if len(pairs) > 3 else ""
    message = f"{whose} has two physical ranges at one virtual address: {shown}{more}"
    return [finding(severity_of(found), FindingCode.SHARED_ADDRESS, message, found)]


def _is_zero(region: Descriptor) -> bool:
    return region == Descriptor(0, 0, 0, 0, 0)


def _is_impossible(region: Descriptor) -> bool:
    """Tell whether addresses wrap, or the region is one that Linux drops: it keeps the last page of the address space
    free (efi_memmap_entry_valid(), 4.10 and later)."""
    size = region.num_pages * PAGE_SIZE
    return region.phys_addr + size > U64_MAX + 1 - PAGE_SIZE or region.virt_addr + size > U64_MAX + 1


def _is_misaligned(region: Descriptor) -> bool:
    return bool((region.phys_addr | region.virt_addr) % PAGE_SIZE)


def _is_unplaced(region: Descriptor) -> bool:
    return bool(region.num_pages and region.phys_addr and not region.virt_addr)
