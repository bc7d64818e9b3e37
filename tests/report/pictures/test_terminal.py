"""Pictures as text: 80 columns, and nothing that only colour tells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checker.memmap import MemoryMap
from checker.report.lines import plain
from checker.report.pictures.draw import map_picture
from checker.report.pictures.picture import Picture, Standing
from checker.report.pictures.terminal import ROWS, picture_lines
from tests.report.pictures.samples import hostile, many, panel, three

THREE = """\
map.json: 3 regions

memory map (physical addresses, lowest first)
            0x100000      8 GiB  ............      0  ConventionalMemory
         0x200100000      4 KiB  R                 1  RuntimeServicesData
                      952.0 GiB
        0xf000000000     64 KiB  RRR               2  MemoryMappedIO

R runtime services  . conventional
"""


def text(picture: Picture) -> str:
    return plain(picture_lines(picture))


def test_three_regions_are_three_lines_and_a_gap() -> None:
    assert text(map_picture(three())) == THREE


@pytest.mark.parametrize("memory_map", [three(), many(ROWS), many(3000)], ids=["3", "60", "3000"])
def test_a_picture_fits_a_terminal(memory_map: MemoryMap) -> None:
    lines = text(map_picture(memory_map)).splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 2 * ROWS + 10
    assert sum("regions:" in line for line in lines) == (0 if len(memory_map.descriptors) <= ROWS else ROWS)


def test_what_stands_out_has_a_line_of_its_own_among_thousands() -> None:
    (whole,) = map_picture(many(3000)).panels
    moved = [replace(each, standing=Standing.MOVED, moved_from=0x1000) for each in whole.regions[1234:1236]]
    regions = (*whole.regions[:1234], *moved, *whole.regions[1236:])
    lines = text(Picture("t", (replace(whole, regions=regions),))).splitlines()
    places = [number for number, line in enumerate(lines) if line.startswith(">")]
    assert len(places) == 2
    for place, region in zip(places, moved, strict=True):
        assert f"{region.start:#x}" in lines[place] and f" {region.key}  " in lines[place]
        assert lines[place + 1].strip() == "was at 0x1000"


def test_a_size_that_is_not_known_is_not_told() -> None:
    one = panel((4096, 4096))
    unknown = replace(one, regions=(replace(one.regions[0], sized=False),))
    assert "0x1000    0 bytes  O" in text(Picture("t", (one,)))
    assert "0x1000             O" in text(Picture("t", (unknown,)))


def test_what_lies_over_another_is_told() -> None:
    lines = text(Picture("t", (panel((0, 8192), (4096, 12288)),))).splitlines()
    assert any("lies over the one before" in line for line in lines)


def test_a_landmark_inside_a_region_leaves_no_gap_behind_it() -> None:
    inside = replace(panel((0, 1 << 30)), landmarks=((0x1000, "low"), (1 << 29, "high")))
    lines = text(Picture("t", (inside,))).splitlines()
    assert [line.split()[0] for line in lines[3:6]] == ["0x0", "0x1000", "0x20000000"]


def test_no_text_steers_the_terminal() -> None:
    assert text(hostile()).replace("\n", "").isprintable()
