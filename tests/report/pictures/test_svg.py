"""Pictures as SVG: well-formed whatever the names are, the same twice, everything where it belongs."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

import pytest

from checker.memmap import MemoryMap
from checker.report.pictures.draw import map_picture
from checker.report.pictures.picture import Picture
from checker.report.pictures.svg import svg_file
from tests.report.pictures.samples import HOSTILE, hostile, many, panel, three

SVG = "{http://www.w3.org/2000/svg}"


def bars(text: str) -> list[tuple[str, int, int, int, int]]:
    """The key, left, top, right and bottom of every region, in their order."""
    found = []
    for group in ElementTree.fromstring(text).iter(f"{SVG}g"):
        box = group.find(f"{SVG}rect")
        if box is not None and "id" in group.attrib:
            x, y, width, height = (int(box.attrib[name]) for name in ("x", "y", "width", "height"))
            found.append((group.attrib["data-key"], x, y, x + width, y + height))
    return found


@pytest.mark.parametrize("memory_map", [three(), many(3000)], ids=["3", "3000"])
def test_regions_stand_in_the_order_of_their_addresses_and_can_be_read(memory_map: MemoryMap) -> None:
    found = bars(svg_file([map_picture(memory_map)]))
    assert [key for key, *_ in found] == [str(index) for index in range(len(memory_map.descriptors))]
    for (_, _, top, _, bottom), (_, _, following, _, _) in pairwise(found):
        assert top + 14 <= bottom <= following


def test_what_overlaps_is_drawn_beside_each_other() -> None:
    (_, _, _, right, _), (_, left, _, _, _) = bars(svg_file([Picture("t", (panel((0, 8192), (4096, 12288)),))]))
    assert right <= left


def test_the_same_picture_is_the_same_text() -> None:
    assert svg_file([map_picture(many(200))]) == svg_file([map_picture(many(200))])


def test_hostile_names_stay_text() -> None:
    text = svg_file([hostile()])
    (group,) = [each for each in ElementTree.fromstring(text).iter(f"{SVG}g") if "data-key" in each.attrib]
    assert group.attrib["data-key"].startswith(HOSTILE[:30])
    assert "<script" not in text


def test_several_pictures_are_under_each_other() -> None:
    one, other = bars(svg_file([map_picture(three())])), bars(svg_file([map_picture(three())] * 2))
    assert other[:3] == one
    assert len(other) == 6
