"""The virtual addresses that a kernel's own list has: outside the window, missing, given twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.base.codes import FindingCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.handover.checks.map import check_map
from checker.handover.findings import entries, examples
from checker.inspect.checked_map import CheckedMap
from checker.inspect.findings import found
from checker.inspect.placement import window
from checker.memmap import PAGE_SIZE

_KERNEL_HALF = 0xFFFF_8000_0000_0000
"""Addresses from here on are the kernel's on x86-64. Other kernels give regions addresses below it."""

_HELP: dict[str, str] = {
    FindingCode.NO_ADDRESS: "look for `VA address range overflow` in the log of the kernel that gave the addresses",
    FindingCode.SHARED_ADDRESS: "look at the kernel that gave the addresses: only one of the regions can be reached",
}


def check_addresses(checked: CheckedMap) -> Iterator[Diagnostic]:
    """Find runtime regions whose virtual addresses cannot be right."""
    if not checked.addressed:
        return
    for finding in check_map(checked.runtime, "the map", addressed=True):
        if finding.code in _HELP:
            yield replace(finding, help=_HELP[finding.code])
    known = window()
    outside = [
        each
        for each in checked.regions
        if each.virt_addr >= _KERNEL_HALF
        and not known.start <= each.virt_addr <= each.virt_addr + each.num_pages * PAGE_SIZE <= known.end
    ]
    if outside:
        message = f"virtual addresses of {entries(len(outside))} are outside of {known.start:#x}..{known.end:#x}, the "
        message += f"window of EFI on x86-64: {examples(outside)}"
        help = (
            "look at the kernel that gave them: every kernel after kexec maps the regions there, over whatever it has"
        )
        yield found(Severity.ERROR, FindingCode.OUTSIDE_WINDOW, message, outside, help=help)
