"""Regions that are placed at several addresses, on a real map: each place by itself, in numbers, tables and JSON."""

from __future__ import annotations

from checker import program as p
from checker.interpret import Layout
from checker.layouts.lay_out import lay_out
from checker.report.columns import columns
from checker.report.values import json_placed
from checker.report.views.layout import placement_cell
from tests.helpers.loading import load_source
from tests.helpers.maps import PC, map_of

PROGRAM = load_source("""
    record Both extends Descriptor { placed at flat: va }
    list Boths of Both
    algorithm both(map: Boths) {
        for r in map where r.runtime {
            place r.flat at r.phys_addr as va
            if r.num_pages < 0x100 { place r.virt_addr at EFI_WINDOW.start }
        }
    }
""")


def made() -> tuple[p.Record, Layout]:
    algorithm = PROGRAM.algorithms[0]
    layout = lay_out(algorithm, map_of(PC).descriptors, {})
    assert isinstance(layout, Layout)
    return algorithm.record, layout


def test_each_place_is_written_and_marked_by_itself() -> None:
    record, layout = made()
    assert record.placements == ("virt_addr", "flat")
    for region in layout.regions:
        runtime = bool(region["attribute"] >> 63)
        assert region["flat"] == (region["phys_addr"] if runtime else 0)
        assert bool(region["flat.placed"]) == runtime
        assert bool(region["placed"]) == (runtime and region["num_pages"] < 0x100)
    told = {(region["placed"], region["flat.placed"]) for region in layout.regions}
    assert told == {(0, 0), (0, 1), (1, 1)}


def test_json_has_no_address_where_a_region_was_not_placed() -> None:
    record, layout = made()
    for region in layout.regions:
        shape = json_placed(record, region)
        assert (shape["virt_addr"] is None) == (not region["placed"])
        assert shape["flat"] == (hex(region["phys_addr"]) if region["flat.placed"] else None)


def test_a_table_has_all_places_of_a_region() -> None:
    record, layout = made()
    what = columns(record, PROGRAM.algorithms[0])
    cells = {(r["placed"], r["flat.placed"]): placement_cell(what, r) for r in layout.regions}
    assert cells[0, 0] == "no address"
    assert cells[0, 1].startswith("flat 0x") and cells[1, 1].startswith("0xffffffef00000000")
    assert ", flat 0x" in cells[1, 1] and what.rest == ("type", "attribute")
