"""Values read as a person would write them, whatever the program is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker import library
from checker.interpret import ShownRegion, ShownValue
from checker.program import types as t
from checker.program.records import Identity
from checker.report.values import about, explained, json_value, page_size, shown

KIND = t.Enumeration("Kind", 8, (("ROM", 0), ("RAM", 1)))
ACCESS = t.Flags("Access", 8, (("READ", 1), ("WRITE", 2), ("DEVICE", 0x30)))


@pytest.mark.parametrize(
    ("kind", "value", "text", "in_json"),
    [
        (t.PA, 0x1000, "0x1000", "0x1000"),
        (t.VA, 0xFFFF_FFFF_0000_0000, "0xffffffff00000000", "0xffffffff00000000"),
        (t.BYTES, 2 << 20, "2 MiB", 2 << 20),
        (t.BYTES, 17, "17 bytes", 17),
        (t.BYTES, 0x12345, "0x12345 bytes", 0x12345),
        (t.PAGES, 1, "1 page", 1),
        (t.PAGES, 2, "2 pages", 2),
        (t.U16, 300, "300", 300),
        (t.BOOL, 1, "true", True),
        (KIND, 1, "RAM", 1),
        (KIND, 9, "Kind 9", 9),
        (ACCESS, 3, "READ|WRITE", "0x3"),
        (ACCESS, 0x81, "READ|0x80", "0x81"),
        (ACCESS, 0x31, "READ|DEVICE", "0x31"),
        (ACCESS, 0x10, "0x10", "0x10"),
        (ACCESS, 0, "-", "0x0"),
    ],
)
def test_a_value_is_shown_by_its_type(kind: t.Type, value: int, text: str, in_json: object) -> None:
    assert shown(kind, value) == text
    assert json_value(kind, value) == in_json
    assert type(json_value(kind, value)) is type(in_json)


@pytest.mark.parametrize(
    ("value", "text"),
    [(4096, "4 KiB"), (0x12345, "72.8 KiB"), (65 << 30, "65 GiB"), ((1 << 64) - 4096, "16.0 EiB"), (0, "0 bytes")],
)
def test_a_size_in_a_table_is_short(value: int, text: str) -> None:
    assert about(value) == text


def test_an_explanation_is_one_sentence() -> None:
    parts = (ShownRegion(Identity(0)), " at ", ShownValue(t.VA, 0x1000), " is too high")
    assert explained(parts) == "region 0 at 0x1000 is too high"


def test_a_page_is_as_large_as_the_program_says() -> None:
    napkin = library.open_program(Path(__file__).with_name("napkin.layout"))
    assert isinstance(napkin, library.Program)
    assert page_size(napkin.program) == 8192
    desk = library.shared_desk()
    for path in library.models().values():
        model = library.open_program(path, desk=desk)
        assert isinstance(model, library.Program)
        # Some say nothing of sizes, so that nothing in them tells of pages.
        says_nothing = path.parent.name in ("bugs", "others")
        assert page_size(model.program) in ((4096, None) if says_nothing else (4096,)), path
    assert page_size(()) is None
