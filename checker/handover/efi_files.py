"""The single-value files of ``/sys/firmware/efi``, copied into one text under headings ``== name``."""

from __future__ import annotations

import re
from dataclasses import field

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic, Source, Span
from checker.base.values import frozen
from checker.memmap.descriptor import U64_MAX
from checker.memmap.files import too_many_lines
from checker.memmap.limits import STANDARD, Limits
from checker.memmap.remedies import remedy
from checker.memmap.text.row_grammar import shown

_HEADING = re.compile(r"== *([A-Za-z0-9_]{1,40})[ \t]*")
_VALUE = re.compile(r"0x([0-9a-fA-F]{1,16})")
_TABLE = re.compile(r"([A-Za-z0-9_]{1,40})=0x([0-9a-fA-F]{1,16})")


@frozen
class EfiFiles:
    """What a running kernel says of the EFI system table; ``None`` where it says nothing.

    ``runtime`` is a physical address in a kernel that the firmware started and a virtual one in a kernel after it.
    ``tables`` are the lines of ``systab`` (``SMBIOS``, ``ACPI20``, ...).
    """

    fw_vendor: int | None = None
    runtime: int | None = None
    config_table: int | None = None
    platform_bits: int | None = None
    tables: tuple[tuple[str, int], ...] = ()
    source: str = field(default="", compare=False)

    def table(self, name: str) -> int | None:
        """The address of a configuration table."""
        return next((address for key, address in self.tables if key == name), None)


def looks_like_efi_files(text: str) -> bool:
    """Tell whether the text begins with a heading (or with the message that there is no such directory)."""
    begin = text.lstrip()[:200]
    return _HEADING.match(begin) is not None or "/sys/firmware/efi" in begin.partition("\n")[0]


def read_efi_files(source: Source, limits: Limits = STANDARD) -> EfiFiles | Diagnostic:
    """The values in a text; lines under no heading, and under headings that are not known, say nothing."""
    wrong = too_many_lines(source, limits)
    if wrong is not None:
        return wrong
    words: dict[str, int] = {}
    tables: list[tuple[str, int]] = []
    section = ""
    for number, start in enumerate(source.line_starts, 1):
        line = source.line(number).strip()
        heading = _HEADING.fullmatch(line)
        if heading is not None:
            section = heading[1]
        elif section == "systab":
            table = _TABLE.fullmatch(line)
            if table is not None:
                tables.append((table[1], int(table[2], 16)))
        elif line and section in ("fw_vendor", "runtime", "config_table", "fw_platform_size") and section not in words:
            value = _VALUE.fullmatch(line)
            if section == "fw_platform_size" and line in ("32", "64"):
                words[section] = int(line)
            elif value is not None and section != "fw_platform_size":
                words[section] = int(value[1], 16)
            else:
                expected = "32 or 64" if section == "fw_platform_size" else f"an address up to {U64_MAX:#x}"
                message = f"`{shown(line)}` under `== {section}` is not {expected}"
                span = Span(source, start, start + len(source.line(number)))
                return Diagnostic(MapCode.NUMBER_LINE, message, span, help=remedy(MapCode.NUMBER_LINE))
    return EfiFiles(
        words.get("fw_vendor"),
        words.get("runtime"),
        words.get("config_table"),
        words.get("fw_platform_size"),
        tuple(tables),
        source.name,
    )
