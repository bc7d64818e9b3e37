"""The table of a layout has what the kernel exports, in that order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from msgspec import to_builtins

from checker import library
from checker.base.diagnostic import Source, Span
from checker.interpret import Layout, Wrapped
from checker.layouts.lay_out import wrap_warnings
from checker.program.records import Identity
from checker.program.types import Flags
from checker.report.lines import Style, plain
from checker.report.views.diagnostics import diagnostic_lines
from checker.report.views.layout import json_layout, layout_lines

NAPKIN = library.open_program(Path(__file__).with_name("napkin.layout"))
assert isinstance(NAPKIN, library.Program)
(SHELF,) = NAPKIN.program.algorithms
CHOSEN = library.Chosen("shelf", SHELF, NAPKIN.program, NAPKIN.path)


def region(spot: int, *, placed: int = 1, dropped: int = 0) -> dict[str, int]:
    fields = {"kind": 0, "base": 0x4000, "spot": spot, "chunks": 2, "access": 1}
    return {**fields, "placed": placed, "exported": 0, "dropped": dropped}


LAYOUT = Layout(
    (region(0x10000), region(0, placed=0), region(0xFFFF_FFFF_FFFF_E000), region(0x20000, dropped=1)),
    tuple(map(Identity, range(4))),
    (2, 1, 0, 3),
    (),
    possible=True,
)

TABLE = """\
shelf: 4 regions
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
    none = Layout(LAYOUT.regions, LAYOUT.identities, (), (), possible=True)
    exporting = replace(CHOSEN, algorithm=replace(SHELF, exports=True))
    assert plain(layout_lines(exporting, none)) == ("shelf: 4 regions, 0 exported\n0 placed, 0 without an address\n")


def test_what_an_algorithm_without_exports_dropped_is_only_counted() -> None:
    some = Layout(LAYOUT.regions, LAYOUT.identities, (0, 1, 2), (), possible=True)
    lines = plain(layout_lines(CHOSEN, some)).splitlines()
    assert (lines[0], lines[-1]) == ("shelf: 4 regions, 1 dropped", "2 placed, 1 without an address")


def test_only_what_needs_an_address_and_has_none_stands_out() -> None:
    """All that is known of a record is a bit called RUNTIME in a word of flags."""
    access = SHELF.record.type_of("access")
    assert isinstance(access, Flags)
    renamed = replace(access, members=(("RUNTIME", 1), *access.members[1:]))
    fields = tuple((name, renamed if kind is access else kind) for name, kind in SHELF.record.fields)
    chosen = replace(CHOSEN, algorithm=replace(SHELF, record=replace(SHELF.record, fields=fields)))

    def drawn(*accesses: int) -> tuple[list[bool], str, bool]:
        """Which rows stand out, the last line, and whether it does."""
        regions = tuple({**region(0, placed=0), "access": each} for each in accesses)
        order = tuple(range(len(regions)))
        *lines, last = layout_lines(chosen, Layout(regions, tuple(map(Identity, order)), order, (), possible=True))
        red = [any(piece.style is Style.BAD for piece in each.pieces) for each in (*lines[2:], last)]
        return red[:-1], last.text, red[-1]

    assert drawn(2, 3, 0) == ([False, True, False], "0 placed, 3 without an address, 1 of them RUNTIME", True)
    assert drawn(2, 0) == ([False, False], "0 placed, 2 without an address, none of them RUNTIME", False)


def test_json_has_the_same_order() -> None:
    regions = to_builtins(json_layout(CHOSEN, LAYOUT))["regions"]
    assert [each["spot"] for each in regions] == ["0xffffffffffffe000", None, "0x10000", "0x20000"]


def test_arithmetic_that_does_not_fit_is_reported_once_a_place() -> None:
    source = Source("a.layout", "x\n  cursor +=\n    gap\n")
    wrapped = tuple(Wrapped(Span(source, 4, 21), exact) for exact in (1 << 64, 2 << 64))
    layout = Layout(LAYOUT.regions, LAYOUT.identities, (), wrapped, possible=True)
    (only,) = wrap_warnings(layout)
    assert plain(diagnostic_lines(only)[:1]) == (
        "a.layout:2:3: warning[C017]: `cursor += gap` is 0x10000000000000000 here, which does not fit (2 times)\n"
    )
    assert to_builtins(json_layout(CHOSEN, layout))["wrapped"] == [
        {"line": 2, "column": 3, "text": "cursor += gap", "exact": exact}
        for exact in ("0x10000000000000000", "0x20000000000000000")
    ]
