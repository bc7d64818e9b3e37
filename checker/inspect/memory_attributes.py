"""The memory attributes table (UEFI 2.10, section 4.6) beside a map: what need not be written, and what not be run.

Linux prints it with efi=debug, firmware that is built for debugging does as well. It cuts runtime code and data into
stretches, and says RO of those that need not be written, XP of those that need not be executed.
"""

from __future__ import annotations

import re

from checker.base.diagnostic import Diagnostic, Source
from checker.base.values import frozen
from checker.memmap import Descriptor, Limits, MemoryMap, Origin
from checker.memmap.text.list_builder import beside
from checker.memmap.text.scanner import scan

_MARK = re.compile("memattr:|MemoryAttributesTable:")
"""Words of every text that holds one: most texts need not be read again."""


@frozen
class AttributesTable:
    """The rows of a table; ``whole`` where none of them is damaged or missing."""

    rows: tuple[Descriptor, ...]
    whole: bool = True


def read_attributes_table(source: Source, limits: Limits, read: MemoryMap) -> AttributesTable | None:
    """The last table of the boots that printed the map that was ``read`` of a text, if any: a kernel that was started
    by kexec prints it once more."""
    if _MARK.search(source.text) is None:
        return None
    scanned = scan(source, limits)
    if isinstance(scanned, Diagnostic):
        return None
    lists = beside(scanned.lists, read.descriptors)
    tables = [each for each in lists if each.origin is Origin.ATTRIBUTES_TABLE]
    return AttributesTable(tables[-1].descriptors, tables[-1].fault is None) if tables else None
