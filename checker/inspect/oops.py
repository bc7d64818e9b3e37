"""Addresses in what kernels, hypervisors and firmware print when they fault.

The forms are those of Linux (show_regs() and show_fault_oops() of x86, die_kernel_fault() and show_regs() of arm64,
RISC-V and LoongArch, efi_crash_gracefully_on_page_fault()), of Xen, EDK2 and U-Boot, of all ages.
"""

from __future__ import annotations

import re
from dataclasses import replace

from checker.base.values import frozen

_HEX = r"(?:0x)?([0-9a-f]{8,16})(?![0-9a-z_+])"
_PATTERNS: tuple[tuple[str | None, re.Pattern[str]], ...] = tuple(
    (label, re.compile(pattern, re.IGNORECASE))
    for label, pattern in (
        ("fault", rf"unable to handle [^:]*?(?:for address:|\bat(?: virtual address)?) +{_HEX}"),
        ("fault", rf"\bBUG: {_HEX}"),
        ("fault", rf"caused by firmware at PA: {_HEX}"),
        ("exception", rf"\bexception at {_HEX}"),
        ("target", rf"\btarget: (?:\[<)?{_HEX}"),
        ("RIP", rf"\bRIP: *[0-9a-f]{{4}}:(?:\[<)?{_HEX}"),
        ("IP", rf"\bE?IP: *(?:[0-9a-f]{{4}}:)?\[<{_HEX}"),
        ("CR2", rf"\bCR2: *{_HEX}"),
        (None, rf"\b(pc|lr|elr|epc|ra|era|badv|badaddr) *[:=] *(?:\[<)?{_HEX}"),
        ("trace", rf"(?:^|[\]>]) *(?:\? +)?{_HEX}\s*$"),
    )
)
"""The name of an address, or None where it is the first group, and how it is printed; the address is the last group."""

_SIGNS = re.compile(r"[0-9a-f]{8}", re.IGNORECASE)


@frozen
class FaultAddress:
    """An address that a text names: as what, and in which line first, from 1."""

    labels: tuple[str, ...]
    address: int
    line: int | None = None


MOST = 1_000
"""The most addresses of a text that are looked up: an oops has some dozens."""


def faults_in(text: str) -> tuple[FaultAddress, ...]:
    """The addresses of a text, each once, in its order; no more than one beyond `MOST`."""
    found: dict[int, FaultAddress] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if len(found) > MOST:
            break
        if _SIGNS.search(line) is None:
            continue
        for label, pattern in _PATTERNS:
            for match in pattern.finditer(line):
                address = int(match[match.lastindex or 0], 16)
                before = found.get(address, FaultAddress((), address, number))
                labels = dict.fromkeys((*before.labels, label or match[1].lower()))
                found[address] = replace(before, labels=tuple(labels))
    return tuple(found.values())[: MOST + 1]
