"""Entries that are none: without pages, beyond all addresses, not on pages.

Linux drops the first two since 4.10 with "[Firmware Bug]: Invalid EFI memory map entries" (efi_memmap_entry_valid());
before, each moved what was mapped after it. UEFI 2.10, section 7.2.3 has entries begin at multiples of 4 KiB.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.base.codes import FindingCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.handover.checks.map import check_map
from checker.handover.findings import entries, examples
from checker.inspect.checked_map import CheckedMap, end
from checker.inspect.findings import found

MOST_BITS = 56
"""Bits of a physical address, at most: RISC-V with Sv39 and above. Arm and x86-64 have up to 52."""

_HELP: dict[str, str] = {
    FindingCode.ZERO_DESCRIPTOR: "update the firmware: it lists more than it filled, and Linux drops these since 4.10",
    FindingCode.EMPTY_REGION: "update the firmware; Linux drops these since 4.10, before they took room in the window",
    FindingCode.IMPOSSIBLE_RANGE: "update the firmware; Linux drops these since 4.10, and 4.9 crashes on them",
    FindingCode.MISALIGNED: "update the firmware: Linux maps wrong pages there, FreeBSD gives up runtime services",
}


def check_entries(checked: CheckedMap) -> Iterator[Diagnostic]:
    """Find entries that are none, with the rules that a map handed over by kexec is held to as well."""
    impossible: set[int] = set()
    for finding in check_map(checked.regions, "the map", addressed=False):
        severity = finding.severity
        if finding.code == FindingCode.ZERO_DESCRIPTOR and not checked.kernels_own:
            # Behind the firmware's own entries they do no harm; a kernel's list has them where it was overwritten.
            severity = Severity.WARNING
        if finding.code == FindingCode.IMPOSSIBLE_RANGE:
            impossible = set(map(id, finding.regions))
        yield replace(finding, severity=severity, help=_HELP.get(finding.code, ""))
    beyond = [each for each in checked.regions if end(each) > 1 << MOST_BITS and id(each) not in impossible]
    if beyond:
        message = f"the map has {entries(len(beyond))} with more than {MOST_BITS} bits of address: {examples(beyond)}"
        help = "no processor has such memory: look for a page count that is one of bytes, or negative"
        yield found(Severity.ERROR, FindingCode.BEYOND_MEMORY, message, beyond, help=help)
