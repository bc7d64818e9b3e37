"""Two boots side by side, as `compare` reports them: what moved and from where, what is new, gone or changed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from checker.memmap import RUNTIME, Descriptor, write_json
from checker.report.pictures.comparisons import comparison_picture
from checker.report.pictures.picture import PHYSICAL, VIRTUAL, Picture, Standing
from checker.report.pictures.read import pictures_of
from checker.report.shapes.comparisons import CompareShape
from tests.helpers.command import mapproof
from tests.report.pictures.samples import map_of

DATA = Descriptor(6, 0x10_0000, 2, RUNTIME | 0xF)
CODE = Descriptor(5, 0x20_0000, 4, RUNTIME | 0xF)
ACPI = Descriptor(9, 0x30_0000, 1, 0xF)


def compared(folder: Path, before: tuple[Descriptor, ...], after: tuple[Descriptor, ...]) -> str:
    for name, entries in (("before.json", before), ("after.json", after)):
        (folder / name).write_text(write_json(map_of(*entries)))
    return mapproof("compare", "before.json", "after.json", "--format", "json", cwd=folder).stdout


def picture(folder: Path, before: tuple[Descriptor, ...], after: tuple[Descriptor, ...]) -> Picture:
    report = msgspec.json.decode(compared(folder, before, after), type=CompareShape)
    return comparison_picture(report.maps[0])


@pytest.mark.slow
def test_what_moved_is_beside_where_it_was(tmp_path: Path) -> None:
    moved = replace(DATA, phys_addr=0x50_0000)
    before, after = picture(tmp_path, (DATA, CODE), (CODE, moved)).panels[:2]
    assert [panel.axis for panel in (before, after)] == [PHYSICAL, PHYSICAL]
    (region,) = after.regions
    assert (region.start, region.moved_from, region.standing) == (0x50_0000, 0x10_0000, Standing.MOVED)
    assert before.regions[0].key == region.key


@pytest.mark.slow
def test_what_is_gone_new_or_changed_is_marked(tmp_path: Path) -> None:
    changed = replace(CODE, attribute=RUNTIME | 0x4000F)
    before, after = picture(tmp_path, (DATA, CODE), (changed, ACPI)).panels[:2]
    assert {region.start: region.standing for region in before.regions} == {
        DATA.phys_addr: Standing.GONE,
        CODE.phys_addr: Standing.CHANGED,
    }
    standings = {region.start: region.standing for region in after.regions}
    assert standings == {CODE.phys_addr: Standing.CHANGED, ACPI.phys_addr: Standing.APPEARED}
    assert ("change", "attributes") in after.regions[0].fields or ("change", "attributes") in after.regions[1].fields


@pytest.mark.slow
def test_virtual_addresses_have_panels_of_their_own(tmp_path: Path) -> None:
    here, there = (replace(DATA, virt_addr=address) for address in (0xFFFF_FFFE_0010_0000, 0xFFFF_FFFE_0030_0000))
    _, _, first, second = picture(tmp_path, (here,), (there,)).panels
    assert (first.axis, second.axis) == (VIRTUAL, VIRTUAL)
    assert second.regions[0].moved_from == here.virt_addr


@pytest.mark.slow
def test_equal_maps_are_no_picture(tmp_path: Path) -> None:
    said = pictures_of("c.json", compared(tmp_path, (DATA,), (DATA,)).encode(), ())
    assert getattr(said, "code", None) == "C040"


def test_a_report_that_was_changed_by_hand_is_refused() -> None:
    entry = {"type": 6, "phys_addr": "here", "num_pages": 1, "attribute": "0x0", "virt_addr": "0x0"}
    change = {"changes": [], "lasting": True, "before": [entry], "after": []}
    pair = {"first": "a", "second": "b", "addressed": False, "regions": [1, 0], "same": 0, "in_order": True}
    report = {"equal": False, "maps": [{**pair, "changes": [change], "breaks": []}], "diagnostics": []}
    said = pictures_of("c.json", json.dumps({**report, "exit_status": 1, "tool": "mapproof"}).encode(), ())
    assert getattr(said, "code", None) == "C041"
