"""The ``setup_data`` entries of ``/sys/kernel/boot_params/setup_data``, copied as text.

A line ``INDEX type=0xT`` begins an entry; its bytes follow in hexadecimal, 32 to a line. Where the copy leaves out the
rest of a long entry a line begins with ``...``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import field

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic, Source, Span
from checker.base.values import frozen
from checker.handover.structures import SetupType
from checker.memmap.descriptor import U32_MAX
from checker.memmap.files import too_many_lines
from checker.memmap.limits import STANDARD, Limits, beyond
from checker.memmap.remedies import remedy
from checker.memmap.text.row_grammar import shown

_HEADING = re.compile(r"[ \t]*([0-9]{1,9}) +type=0x([0-9a-fA-F]{1,16})[ \t\r]*")
_HEADING_PROBE = re.compile(r"[ \t]*[0-9]+[ \t]+type=")
_ROW = re.compile(r"(?:[0-9a-fA-F]{2})+")
_ROW_BYTES = 32


@frozen
class SetupEntry:
    """An entry: its type and the bytes that it carries. ``whole`` is false where the copy left some out."""

    type: int
    data: bytes
    whole: bool = True
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def name(self) -> str:
        """What to call its type."""
        known = self.type in SetupType._value2member_map_
        return f"SETUP_{SetupType(self.type).name}" if known else f"type {self.type:#x}"


@frozen
class SetupDump:
    """All entries, in the order of the list."""

    entries: tuple[SetupEntry, ...]
    source: str = field(default="", compare=False)

    def of_type(self, kind: SetupType) -> tuple[SetupEntry, ...]:
        """The entries of one type."""
        return tuple(entry for entry in self.entries if entry.type == kind)


def looks_like_setup_dump(text: str) -> bool:
    """Tell whether the first line that is not blank begins an entry."""
    return _HEADING_PROBE.match(text.lstrip()) is not None


def read_setup_dump(source: Source, limits: Limits = STANDARD) -> SetupDump | Diagnostic:
    """The entries in a text; a text without any is an empty list."""
    wrong = too_many_lines(source, limits)
    if wrong is not None:
        return wrong
    entries: list[SetupEntry] = []
    rows: list[str] = []
    opened: tuple[int, Span] | None = None
    whole = True
    for number, start in enumerate(source.line_starts, 1):
        line = source.line(number)
        if not line.strip():
            continue
        span = Span(source, start, start + len(line))
        if len(line) > limits.line:
            return beyond(limits, "line", span=span)
        heading = _HEADING.fullmatch(line)
        if heading is not None:
            if opened is not None:
                entries.append(_entry(opened, rows, whole))
            if len(entries) >= limits.setup_entries:
                return beyond(limits, "setup_entries", span=span)
            if int(heading[1]) != len(entries):
                message = f"entry {len(entries)} should follow, this is entry {int(heading[1])}"
                return _problem(MapCode.SETUP_ORDER, message, _group(source, start, heading, 1))
            if int(heading[2], 16) > U32_MAX:
                message = f"a type is at most {U32_MAX:#x}"
                return _problem(MapCode.OUT_OF_RANGE, message, _group(source, start, heading, 2))
            opened, rows, whole = (int(heading[2], 16), span), [], True
        elif opened is None or not whole or _HEADING_PROBE.match(line):
            return _problem(MapCode.SETUP_HEADING, f"`{shown(line.strip())}` does not begin a setup_data entry", span)
        elif line.lstrip().startswith("..."):
            whole = False
            opened = (opened[0], opened[1].to(span))
        else:
            wrong = _row_problem(source, start, line)
            if wrong is not None:
                return wrong
            rows.append(line.strip())
            opened = (opened[0], opened[1].to(span))
    if opened is not None:
        entries.append(_entry(opened, rows, whole))
    return SetupDump(tuple(entries), source.name)


def write_setup_dump(entries: Iterable[SetupEntry]) -> str:
    """The text that ``read_setup_dump`` reads back."""
    lines = []
    for index, entry in enumerate(entries):
        lines.append(f"{index} type={entry.type:#x}")
        lines += [entry.data[at : at + _ROW_BYTES].hex() for at in range(0, len(entry.data), _ROW_BYTES)]
        if not entry.whole:
            lines.append("...")
    return "".join(f"{line}\n" for line in lines)


def _entry(opened: tuple[int, Span], rows: list[str], whole: bool) -> SetupEntry:
    kind, span = opened
    return SetupEntry(kind, bytes.fromhex("".join(rows)), whole, span)


def _row_problem(source: Source, start: int, line: str) -> Diagnostic | None:
    row = line.strip()
    if _ROW.fullmatch(row):
        return None
    at = start + line.index(row)
    match = _ROW.match(row)
    bad = match.end() if match else 0
    if bad + 1 == len(row) and row[bad] in "0123456789abcdefABCDEF":
        return _problem(MapCode.SETUP_ROW, "a digit is missing: two make a byte", Span(source, at + bad, at + bad + 1))
    bad += row[bad] in "0123456789abcdefABCDEF"
    message = f"`{shown(row[bad])}` is not a hexadecimal digit"
    return _problem(MapCode.SETUP_ROW, message, Span(source, at + bad, at + bad + 1))


def _group(source: Source, start: int, match: re.Match[str], group: int) -> Span:
    return Span(source, start + match.start(group), start + match.end(group))


def _problem(code: MapCode, message: str, span: Span) -> Diagnostic:
    return Diagnostic(code, message, span, help=remedy(code))
