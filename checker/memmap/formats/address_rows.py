"""Entries with their virtual addresses, a line each, as captures of a boot hold them.

``RM n type pages attribute physical virtual`` is an entry of /sys/firmware/efi/runtime-map, in order;
``D n type=... phys=... virt=... pages=... attr=...`` one of the map in memory, as the kernel or the EFI stub left it.
Numbers are hexadecimal, but for ``n``. All other lines are passed over.
"""

from __future__ import annotations

import re

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic, Source, Span
from checker.memmap.descriptor import Descriptor, Format, MemoryMap, Origin
from checker.memmap.limits import STANDARD, Limits, beyond
from checker.memmap.numbers import LIMITS
from checker.memmap.remedies import remedy
from checker.memmap.text.row_grammar import BLANKS, Grammar, decimal, hexadecimal, word

RUNTIME_ROWS = Format("runtime-map-rows")
DUMP_ROWS = Format("memory-map-rows")

_HEX = (word("0x"), hexadecimal(1))
_RUNTIME = Grammar(word("RM "), decimal(), *(piece for _ in range(5) for piece in (BLANKS, *_HEX)))
_NAMES = ("type", "phys", "virt", "pages", "attr")
_DUMP = Grammar(word("D "), decimal(), *(piece for name in _NAMES for piece in (word(f" {name}="), *_HEX)))
_ROW = re.compile(r"^(RM|D) +\d.*$", re.MULTILINE)


def read_address_rows(source: Source, limits: Limits = STANDARD) -> MemoryMap | Diagnostic | None:
    """The rows of a text: those of the runtime map if there are any, else those of the whole map; None for neither."""
    rows = list(_ROW.finditer(source.text))
    kind = next((row[1] for row in rows if row[1] == "RM"), "D")
    rows = [row for row in rows if row[1] == kind]
    if len(rows) > limits.descriptors:
        return beyond(limits, "descriptors", source.name)
    descriptors: list[Descriptor] = []
    last = -1
    for row in rows:
        read = _row(source, row, _RUNTIME if kind == "RM" else _DUMP)
        if isinstance(read, Diagnostic):
            return read
        number, descriptor = read
        # Of the whole map a capture may show some entries only.
        if number <= last or (kind == "RM" and number != last + 1):
            code = MapCode.REPEATED_INDEX if number <= last else MapCode.MISSING_INDEX
            message = f"entry {last + 1} should stand here, there is {number}"
            return Diagnostic(code, message, Span(source, row.start(), row.end()), help=remedy(code))
        last = number
        descriptors.append(descriptor)
    if not descriptors:
        return None
    format_ = RUNTIME_ROWS if kind == "RM" else DUMP_ROWS
    return MemoryMap(tuple(descriptors), format_, source.name, Origin.KERNEL)


def _row(source: Source, row: re.Match[str], grammar: Grammar) -> tuple[int, Descriptor] | Diagnostic:
    """The number and the entry of a row, or what is wrong with it."""
    text = row[0]
    match = grammar.strict.match(text)
    if match is None:
        fault = grammar.fault(text, 0)
        place = Span(source, row.start() + fault.start, row.start() + max(fault.end, fault.start + 1))
        return Diagnostic(fault.code, fault.message, place, help=fault.help or remedy(fault.code))
    values = [int(value, 16) for value in match.groups()[1:]]
    if grammar is _RUNTIME:
        kind, pages, attribute, physical, virtual = values
    else:
        kind, physical, virtual, pages, attribute = values
    if kind > LIMITS["type"]:
        message = f"`type` is at most {LIMITS['type']:#x}"
        place = Span(source, row.start(), row.end())
        return Diagnostic(MapCode.OUT_OF_RANGE, message, place, help=remedy(MapCode.OUT_OF_RANGE))
    return int(match[1]), Descriptor(kind, physical, pages, attribute, virtual)
