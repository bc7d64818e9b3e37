"""The memory attributes table against the map (UEFI 2.10, section 4.6; efi_memattr_apply_permissions() of Linux)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from checker.base.codes import FindingCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.handover.findings import entries, examples
from checker.inspect.checked_map import RUNTIME_TYPES, CheckedMap, end, is_runtime
from checker.inspect.findings import found
from checker.inspect.memory_attributes import AttributesTable
from checker.memmap import ATTRIBUTES, Descriptor

_PROTECTED = ATTRIBUTES["RO"] | ATTRIBUTES["XP"]


def check_permissions(checked: CheckedMap) -> Iterator[Diagnostic]:
    """Find what the table says of memory that is not firmware's, and what it leaves writable and executable."""
    if checked.permissions is not None:
        yield from _strays(checked, checked.permissions)
        yield from _open(checked, checked.permissions)
        yield from _uncovered(checked, checked.permissions)


def _owner(row: Descriptor, owners: list[Descriptor], starts: list[int]) -> Descriptor | None:
    """The runtime region of the row's type in which it lies as a whole."""
    place = bisect_right(starts, row.phys_addr) - 1
    if place < 0 or end(row) > end(owners[place]) or owners[place].type != row.type:
        return None
    return owners[place]


def _owners(checked: CheckedMap) -> tuple[list[Descriptor], list[int]]:
    owners = [each for each in checked.by_address if each.type in RUNTIME_TYPES and is_runtime(each)]
    return owners, [each.phys_addr for each in owners]


def _strays(checked: CheckedMap, table: AttributesTable) -> Iterator[Diagnostic]:
    owners, starts = _owners(checked)
    strays = [each for each in table.rows if _owner(each, owners, starts) is None]
    if strays:
        message = f"the memory attributes table has {entries(len(strays))} in no runtime region of the type: "
        help = "update the firmware: Linux ignores these rows, and maps what they are about without protection"
        yield found(Severity.ERROR, FindingCode.STRAY_PERMISSION, message + examples(strays), help=help)


def _open(checked: CheckedMap, table: AttributesTable) -> Iterator[Diagnostic]:
    """Neither bit is allowed, and means that memory cannot be protected."""
    owners, starts = _owners(checked)
    open_ = [each for each in table.rows if not each.attribute & _PROTECTED]
    if open_:
        regions = list({id(each): each for row in open_ if (each := _owner(row, owners, starts)) is not None}.values())
        message = f"the memory attributes table leaves {entries(len(open_))} writable and executable: {examples(open_)}"
        help = "update the firmware: its images need sections aligned to 4 KiB to be protected"
        yield found(Severity.WARNING, FindingCode.WRITABLE_CODE, message, regions, help=help)


def _uncovered(checked: CheckedMap, table: AttributesTable) -> Iterator[Diagnostic]:
    """The table describes all runtime code and data: what it leaves out stays as it was."""
    if not table.whole:
        return
    rows = sorted(table.rows, key=lambda each: each.phys_addr)
    bare = []
    place = 0
    for region in checked.by_address:
        if region.type not in RUNTIME_TYPES or not is_runtime(region):
            continue
        reached = region.phys_addr
        while place < len(rows) and rows[place].phys_addr < end(region):
            if rows[place].phys_addr <= reached:
                reached = max(reached, end(rows[place]))
            place += 1
        if reached < end(region):
            bare.append(region)
    if bare:
        message = f"the memory attributes table says nothing of memory of {entries(len(bare))}: {examples(bare)}"
        help = "update the firmware: code there stays writable"
        yield found(Severity.WARNING, FindingCode.NO_PERMISSION, message, bare, help=help)
