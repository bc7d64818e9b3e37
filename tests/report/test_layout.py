"""The table of a layout has what the kernel exports, in that order."""

from __future__ import annotations

from pathlib import Path

from checker import library
from checker.diagnostic import Source, Span
from checker.interpret import Layout, Wrapped
from checker.report.layout import json_layout, layout_lines, wrap_lines
from checker.report.styled import plain

NAPKIN = library.open_program(Path(__file__).with_name("napkin.layout"))
assert isinstance(NAPKIN, library.Program)
(SHELF,) = NAPKIN.program.algorithms
CHOSEN = library.Chosen("shelf", SHELF, NAPKIN.program)


def region(spot: int, *, placed: int = 1, dropped: int = 0) -> dict[str, int]:
    fields = {"kind": 0, "base": 0x4000, "spot": spot, "chunks": 2, "access": 1}
    return {**fields, "placed": placed, "exported": 0, "dropped": dropped}


LAYOUT = Layout(
    (region(0x10000), region(0, placed=0), region(0xFFFF_FFFF_FFFF_E000), region(0x20000, dropped=1)),
    (0, 1, 2, 3),
    (2, 1, 0, 3),
    (),
    possible=True,
)

TABLE = """\
shelf: 4 regions, 4 exported
region  [base, end)     chunks    size  kind  access  [spot, end)
     2  0x4000..0x8000       2  16 KiB  ROM   READ    0xffffffffffffe000..0x10000000000002000 (wraps)
     1  0x4000..0x8000       2  16 KiB  ROM   READ    no address
     0  0x4000..0x8000       2  16 KiB  ROM   READ    0x10000..0x14000
     3  0x4000..0x8000       2  16 KiB  ROM   READ    0x20000..0x24000, dropped
3 placed, 1 without an address
"""


def test_a_layout_is_a_table_in_the_order_of_export() -> None:
    assert plain(layout_lines(CHOSEN, LAYOUT)) == TABLE


def test_regions_that_are_not_exported_are_only_counted() -> None:
    none = Layout(LAYOUT.regions, LAYOUT.origins, (), (), possible=True)
    assert plain(layout_lines(CHOSEN, none)) == ("shelf: 4 regions, 0 exported\n0 placed, 0 without an address\n")


def test_json_has_the_same_order() -> None:
    regions = json_layout("shelf", SHELF, LAYOUT)["regions"]
    assert [each["spot"] for each in regions] == ["0xffffffffffffe000", None, "0x10000", "0x20000"]


def test_arithmetic_that_does_not_fit_is_reported_once_a_place() -> None:
    source = Source("a.layout", "x\n  cursor +=\n    gap\n")
    wrapped = tuple(Wrapped(Span(source, 4, 21), exact) for exact in (1 << 64, 2 << 64))
    layout = Layout(LAYOUT.regions, LAYOUT.origins, (), wrapped, possible=True)
    assert plain(wrap_lines(layout)) == (
        "a.layout:2:3: warning: `cursor += gap` is 0x10000000000000000 here, which does not fit (2 times)\n"
    )
    assert json_layout("shelf", SHELF, layout)["wrapped"] == [
        {"line": 2, "column": 3, "text": "cursor += gap", "exact": exact}
        for exact in ("0x10000000000000000", "0x20000000000000000")
    ]
