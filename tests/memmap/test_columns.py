"""The rows of a printer that nobody knows are read by a short description of its columns."""

from __future__ import annotations

import pytest

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic
from checker.memmap import Descriptor, MemoryMap, Reading, read_bytes

VIOS = "#{index} - Type: {type} ({}) Phys: {phys} Virt: {virt} Pags: {pages} Attr: {attr}"
ROWS = """booting...
#0 - Type: 7 (EfiConventionalMemory) Phys: 0x0 Virt: 0x0 Pags: 135 Attr: 15
#1 - Type: 6 (EfiRuntimeServicesData) Phys: 0x87000 Virt: 0x0 Pags: 1 Attr: 9223372036854775823
done
"""
ENTRIES = (Descriptor(7, 0, 135, 15), Descriptor(6, 0x87000, 1, 0x800000000000000F))


def answer(text: str, columns: str) -> MemoryMap | Diagnostic:
    return read_bytes("text", text.encode(), reading=Reading(columns=columns))


def read(text: str, columns: str) -> tuple[Descriptor, ...]:
    found = answer(text, columns)
    assert isinstance(found, MemoryMap), found
    return found.descriptors


def refused(text: str, columns: str) -> Diagnostic:
    found = answer(text, columns)
    assert isinstance(found, Diagnostic), found
    return found


@pytest.mark.parametrize("prefix", ["", "[14:26:36.123] ", "> ", "INFO "])
def test_a_description_reads_rows_behind_any_prefix(prefix: str) -> None:
    marked = "".join(prefix + line for line in ROWS.splitlines(keepends=True))
    assert read(marked, VIOS) == ENTRIES


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        ("RT_Data 87000 88000 800000000000000f", "{type} {phys:x} {end:x} {attr:x}"),
        ("EfiRuntimeServicesData 0x87000-0x87fff RUNTIME|UC|WC|WT|WB", "{type} {phys}-{last} {attr}"),
        ("Runtime Services Data | 552960 | 4096 | UC, WC, WT, WB, RUNTIME", "{type} | {phys} | {bytes} | {attr}"),
        ("0x6;0x87000;0x1;0x800000000000000F", "{type};{phys};{pages};{attr}"),
        ("EFI_RUNTIME_SERVICES_DATA 87000 1 EFI_MEMORY_RUNTIME UC WC WT WB", "{type} {phys:x} {pages:x} {attr}"),
    ],
)
def test_numbers_and_names_are_read_as_printers_have_them(row: str, columns: str) -> None:
    assert read(row + "\n", columns) == ENTRIES[1:]


@pytest.mark.parametrize(
    ("row", "columns", "code"),
    [
        ("region 6 0x1000 0x1800 0xf", "region {type} {phys} {end} {attr}", MapCode.PARTIAL_PAGE),
        ("region 6 0x1000 2 4096 0xf", "region {type} {phys} {pages} {bytes} {attr}", MapCode.PAGES_DISAGREE),
        ("region Nonsense 0x1000 2 0xf", "region {type} {phys} {pages} {attr}", MapCode.UNKNOWN_TYPE),
        ("region 6 0x1000 2 WB|ODD", "region {type} {phys} {pages} {attr}", MapCode.UNKNOWN_ATTRIBUTE),
        ("region 6 0x1000", "region {type} {phys} {pages} {attr}", MapCode.CUT),
        ("region 6 what 2 0xf", "region {type} {phys} {pages} {attr}", MapCode.MALFORMED),
        ("region 4294967296 0x0 2 0xf", "region {type} {phys} {pages} {attr}", MapCode.OUT_OF_RANGE),
        ("nothing here", "region {type} {phys} {pages} {attr}", MapCode.NO_MAP),
    ],
)
def test_a_row_that_is_damaged_is_refused(row: str, columns: str, code: MapCode) -> None:
    found = refused(f"booting\n{row}\n", columns)
    assert found.code == code
    assert found.span is not None


def test_a_row_that_is_missing_is_missed_where_rows_have_numbers() -> None:
    assert refused(ROWS.replace("#1 - Type", "#2 - Type"), VIOS).code == MapCode.MISSING_INDEX


@pytest.mark.parametrize(
    ("columns", "text"),
    [
        ("{type} {phys} {pages}", "{type} {phys} {pages}"),
        ("{type} {phys} {attr}", "{type} {phys} {attr}"),
        ("{type} {phys} {pages} {attr} {attributes}", "{attributes}"),
        ("{type} {phys} {type} {pages} {attr}", "{type}"),
        ("", ""),
    ],
)
def test_a_description_that_lacks_something_is_pointed_at(columns: str, text: str) -> None:
    found = refused(ROWS, columns)
    assert found.code == MapCode.BAD_COLUMNS
    assert found.span is not None
    assert found.span.text == text
    assert "{phys" in found.help
