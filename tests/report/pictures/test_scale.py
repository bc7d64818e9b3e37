"""The scale of an axis: everything can be seen, in order, and larger is longer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from checker.report.pictures.picture import Panel
from checker.report.pictures.scale import MOST_LANES, lanes, scale_of, seen_end
from tests.report.pictures.samples import GIB, panel

LEAST, GAP = 14, 10

addresses = st.integers(0, (1 << 64) - 1)
ends = st.tuples(addresses, st.integers(0, 1 << 53)).map(lambda pair: (pair[0], pair[0] + pair[1]))
panels = st.lists(ends, max_size=30).map(lambda found: panel(*found))


@given(panels, panels)
def test_every_region_is_seen_and_none_is_out_of_order(one: Panel, other: Panel) -> None:
    scale = scale_of([one, other], LEAST, GAP)
    assert list(scale.places) == sorted(scale.places)
    for region in (*one.regions, *other.regions):
        assert scale.at(seen_end(region)) - scale.at(region.start) >= LEAST
        assert 0 <= scale.at(region.start) <= scale.length


@given(panels)
def test_what_overlaps_is_beside_each_other(one: Panel) -> None:
    found = list(zip(one.regions, lanes(one.regions), strict=True))
    for number, (region, (lane, count)) in enumerate(found):
        assert lane < count <= MOST_LANES
        for other, (beside, _) in found[:number]:
            overlap = region.start < seen_end(other) and other.start < seen_end(region)
            assert not overlap or lane != beside or lane == MOST_LANES - 1


def test_a_page_beside_gigabytes_is_seen_and_is_the_smaller_one() -> None:
    one = panel((0, 4096), (4096, 4096 + 8 * GIB))
    scale = scale_of([one], LEAST, GAP)
    page = scale.at(4096)
    assert LEAST <= page < scale.length - page < 8 * page


def test_what_is_free_takes_the_same_room_however_long_it_is() -> None:
    one = panel((0, 4096), (8192, 12288), (1 << 60, (1 << 60) + 4096))
    scale = scale_of([one], LEAST, GAP)
    (first, second) = scale.gaps()
    assert [scale.at(high) - scale.at(low) for low, high in (first, second)] == [GAP, GAP]
    assert second == (12288, 1 << 60)


def test_panels_of_one_axis_share_their_scale() -> None:
    before, after = panel((0x1000, 0x2000)), panel((0x9000, 0xA000))
    scale = scale_of([before, after], LEAST, GAP)
    assert scale.at(0x1000) < scale.at(0x9000)
    assert scale.at(0x9000) == LEAST + GAP


def test_what_overlaps_nothing_has_all_the_width() -> None:
    found = lanes(panel((0, 8192), (4096, 12288), (1 << 20, 1 << 21)).regions)
    assert found == ((0, 2), (1, 2), (0, 1))


def test_an_axis_without_regions_has_no_length() -> None:
    assert scale_of([panel()], LEAST, GAP).length == 0
