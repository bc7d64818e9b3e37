"""Collects the reservations that a kernel's log tells of, and the words of its command line.

Rules: ``efi_config_parse_tables()`` prints where tables are, ``efi_esrt_init()`` and ``efi_arch_mem_reserve()`` (5.5
and later) what is reserved for them, ``reserve_initrd()`` where the initial RAM disk lies;
``__e820__range_update()`` prints each change of the kernel's own table. The first page is reserved by every kernel, and
is none of these.
"""

from __future__ import annotations

import re
from dataclasses import field

from checker.base.values import mutable
from checker.memmap.descriptor import PAGE_SIZE, U64_MAX
from checker.memmap.reservations import NO_SURROUNDINGS, Hold, Reservation, Surroundings

_HELD = ("MEMATTR", "TPMEventLog", "TPMFinalLog", "MEMRESERVE")
"""Tables that the kernel finds and holds where they are. The log tells where they begin, not how long they are."""

_RESERVED = {"ESRT": Hold.ESRT, "MOKvar": Hold.MOKVAR}
"""Tables that pages are reserved for, whose place is told. The one other is the image that ACPI's BGRT names."""

_TABLE = re.compile(rf"\b({'|'.join((*_HELD, *_RESERVED))})=0x([0-9a-f]{{1,16}})\b")
_ESRT = re.compile(r"Reserving ESRT space from 0x([0-9a-f]{1,16}) to 0x([0-9a-f]{1,16})")
_UPDATE = re.compile(r"e820: update \[mem 0x([0-9a-f]{1,16})-0x([0-9a-f]{1,16})\] [\w ]+ ==> ([\w ]+)")
_RAMDISK = re.compile(r"RAMDISK: \[mem 0x([0-9a-f]{1,16})-0x([0-9a-f]{1,16})\]")
_COMMAND_LINE = re.compile(r"(?:Kernel c|C)ommand line: (.*)")
_MOST = 1000


@mutable
class ReservationCollector:
    """The lines of one boot, as far as they are read."""

    tables: dict[str, int] = field(default_factory=dict)
    esrt: tuple[int, int] | None = None
    pages: list[tuple[int, int]] = field(default_factory=list)
    taken: list[Reservation] = field(default_factory=list)
    words: frozenset[str] | None = None

    def note(self, text: str) -> None:
        """Look for what a line tells."""
        if "=0x" in text:
            for each in _TABLE.finditer(text):
                self.tables.setdefault(each[1], int(each[2], 16))
        if "[mem 0x" in text and len(self.pages) + len(self.taken) < _MOST:
            self._range(text)
        elif "ESRT space" in text and (match := _ESRT.search(text)):
            self.esrt = (int(match[1], 16), int(match[2], 16))
        elif "ommand line: " in text and (match := _COMMAND_LINE.search(text)):
            self.words = frozenset(match[1].split())

    def _range(self, text: str) -> None:
        update = _UPDATE.search(text)
        disk = None if update else _RAMDISK.search(text)
        if update is not None and "reserved" in update[3]:
            if int(update[2], 16) >= PAGE_SIZE:
                self.pages.append((int(update[1], 16), int(update[2], 16) + 1))
        elif update is not None or disk is not None:
            match = update or disk
            assert match is not None
            what = "the initial RAM disk" if disk else "what the boot loader left"
            self.taken.append(Reservation(int(match[1], 16), int(match[2], 16) + 1, Hold.TAKEN, what))

    def told(self) -> Surroundings:
        """All that was told."""
        found = [_held(name, self.tables[name]) for name in _HELD if self.tables.get(name, U64_MAX) != U64_MAX]
        reserved = [_pages(*each, self.tables) for each in dict.fromkeys(self.pages)]
        if self.esrt is not None and not any(each.start <= self.esrt[0] < each.end for each in reserved):
            start, end = self.esrt[0] & -PAGE_SIZE, -(-self.esrt[1] // PAGE_SIZE) * PAGE_SIZE
            reserved.insert(0, Reservation(start, end, Hold.ESRT, "ESRT"))
        made = (*found, *self.taken, *reserved)
        return NO_SURROUNDINGS if not made and self.words is None else Surroundings(made, self.words)


def _held(name: str, start: int) -> Reservation:
    return Reservation(start, start + 1, Hold.TAKEN, name)


def _pages(start: int, end: int, tables: dict[str, int]) -> Reservation:
    for name, kind in _RESERVED.items():
        if start <= tables.get(name, U64_MAX) < end:
            return Reservation(start, end, kind, name)
    return Reservation(start, end, Hold.BGRT, "a table that ACPI names")
