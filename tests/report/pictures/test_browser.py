"""The page in a real browser: what is seen, what the keyboard and the pointer do, and that nothing is fetched."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from checker.handover import read_capture
from checker.report.pictures.draw import capture_picture, layout_picture, map_picture
from checker.report.pictures.html import html_file
from checker.report.pictures.picture import Picture
from tests.helpers.browser import PROGRAM, Browser
from tests.helpers.places import CAPTURES
from tests.report.pictures.samples import HOSTILE, hostile, laid_out, many, panel, three

pytestmark = pytest.mark.slow

if PROGRAM is None and not os.environ.get("CI"):
    pytest.skip("no browser: apt-get install chromium", allow_module_level=True)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    started = Browser.start(tmp_path_factory.mktemp("browser"))
    yield started
    started.stop()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    for name, pictures in samples().items():
        (folder / f"{name}.html").write_text(html_file(pictures), encoding="utf-8")
    return {path.stem: path for path in folder.iterdir()}


def samples() -> dict[str, list[Picture]]:
    kernels = read_capture(str(CAPTURES / "shaped-esrt-mok-6.12"))
    assert isinstance(kernels, tuple)
    capture = capture_picture("capture", kernels)
    assert capture is not None
    return {
        "three": [map_picture(three())],
        "many": [map_picture(many(3000))],
        "hostile": [hostile()],
        "empty": [Picture("nothing", (panel(),), ("the map is empty",))],
        "capture": [capture],
        "layout": [layout()],
        "several": [map_picture(three()), layout()],
    }


def layout() -> Picture:
    return layout_picture(laid_out("linux-x86-forward", three()), three())


BOXES = """[...document.querySelectorAll('.region[id]')].map((each) => {
  const box = each.querySelector('rect').getBoundingClientRect();
  return [each.id, box.left, box.top + scrollY, box.right, box.bottom + scrollY];
})"""


def boxes(browser: Browser) -> dict[str, list[float]]:
    """The place of every region on the page, by its name."""
    return {name: box for name, *box in browser.run(BOXES)}


def card(browser: Browser) -> dict[str, str]:
    """What is told of the region that is pointed at or chosen."""
    rows = "[...document.querySelectorAll('#card:not([hidden]) dl div')]"
    found: list[list[str]] = browser.run(f"{rows}.map((each) => [...each.children].map((part) => part.textContent))")
    return {name: value for name, value in found}  # noqa: C416


def chosen(browser: Browser) -> Any:
    return browser.run("document.querySelector('.region.chosen')?.id")


@pytest.mark.parametrize("name", samples())
def test_a_page_says_nothing_on_the_console_and_fetches_nothing(
    name: str, browser: Browser, pages: dict[str, Path]
) -> None:
    browser.open(pages[name])
    for key in ("ArrowDown", "ArrowRight", "/", "0", "Enter", "Escape"):
        browser.press(key)
    assert browser.said == []
    assert [each for each in browser.asked if not each.startswith("data:")] == [pages[name].resolve().as_uri()]


@pytest.mark.parametrize("name", ["three", "many"])
def test_regions_stand_one_under_the_other_in_the_order_of_their_addresses(
    name: str, browser: Browser, pages: dict[str, Path]
) -> None:
    browser.open(pages[name])
    found = list(boxes(browser).values())
    assert len(found) == (3 if name == "three" else 3000)
    for (_, top, _, bottom), (_, following, _, _) in pairwise(found):
        assert top + 13 < bottom <= following + 0.01


def test_a_page_beside_gigabytes_is_seen(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["three"])
    (_, top, _, bottom), (_, upper, _, lower), _ = boxes(browser).values()
    assert 14 < lower - upper < bottom - top < 10 * (lower - upper)


def test_a_region_is_painted_where_it_belongs_in_light_and_dark(browser: Browser, pages: dict[str, Path]) -> None:
    fill = "getComputedStyle(document.querySelector('#r0-0-1 rect')).fill"
    seen = []
    for scheme in ("light", "dark"):
        browser.prefer(scheme)
        browser.open(pages["three"])
        _, top, right, bottom = boxes(browser)["r0-0-1"]
        inside = browser.colour_at(right - 20, (top + bottom) / 2)
        beside = browser.colour_at(right + 200, (top + bottom) / 2)
        assert browser.run(fill) == f"rgb({', '.join(map(str, inside))})"
        assert inside != beside
        seen.append(beside)
    light, dark = seen
    assert sum(light) > 600 and sum(dark) < 200
    browser.prefer("light")


def test_pointing_at_a_region_tells_its_fields(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["three"])
    browser.point_at("#r0-0-1 rect")
    told = card(browser)
    assert (told["phys_addr"], told["size"]) == ("0x200100000..0x200101000", "4 KiB")
    assert told["attribute"] == "UC|WC|WT|WB|RUNTIME"
    browser.point_at("h1")
    assert card(browser) == {}


def test_arrows_go_from_region_to_region_and_to_the_same_one_in_the_next_panel(
    browser: Browser, pages: dict[str, Path]
) -> None:
    browser.open(pages["layout"])
    for key, name in (
        ("ArrowDown", "r0-0-0"),
        ("ArrowDown", "r0-0-1"),
        ("ArrowRight", "r0-1-0"),
        ("ArrowUp", "r0-1-1"),
    ):
        browser.press(key)
        assert chosen(browser) == name
        assert browser.run("document.activeElement.id") == name
    browser.press("Escape")
    assert chosen(browser) is None


def test_an_address_is_found_and_shown(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["many"])
    start = browser.run("JSON.parse(document.getElementById('data').textContent)[0].panels[0].regions[2345].start")
    browser.press("/")
    browser.type(hex(int(start, 16) + 0x123))
    assert browser.run("document.getElementById('answer').textContent") == "1 found"
    browser.press("Enter")
    assert chosen(browser) == "r0-0-2345"
    assert browser.run(
        "(() => { const b = document.getElementById('r0-0-2345').getBoundingClientRect();"
        " return b.top > 0 && b.bottom < innerHeight; })()"
    )


def test_a_region_holds_its_first_address_and_not_its_end(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["three"])
    browser.press("/")
    browser.type("0x200100000")
    assert browser.run("document.getElementById('answer').textContent") == "1 found"
    browser.press("Enter")
    assert chosen(browser) == "r0-0-1"


def test_an_address_where_nothing_is_says_so(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["three"])
    browser.press("/")
    browser.type("0x200200000")
    answer = browser.run("document.getElementById('answer').textContent")
    assert answer == "free: the region before it, 1, ends at 0x200101000"


def test_a_word_finds_all_that_it_is_said_of(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["many"])
    browser.press("/")
    browser.type("acpireclaim")
    assert browser.run("document.getElementById('answer').textContent") == "250 found"
    assert browser.run("document.querySelectorAll('.region.hit').length") == 250


def test_what_moved_is_marked_with_the_place_where_it_was(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["capture"])
    names = browser.run("[...document.querySelectorAll('.region.moved[id]')].map((each) => each.id)")
    (name,) = names
    ghost = browser.run("document.querySelector('.ghost').getBoundingClientRect().top + scrollY")
    _, top, _, _ = boxes(browser)[name]
    assert ghost > top
    browser.point_at(f"#{name} rect")
    told = card(browser)
    assert (told["note"], told["was at"]) == ("moved", "0xfffffffefdbc0000")


def test_the_overview_is_there_where_the_page_is_long(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["three"])
    assert browser.run("document.getElementById('overview').hidden")
    browser.open(pages["many"])
    assert not browser.run("document.getElementById('overview').hidden")
    browser.click_at("#overview")
    assert browser.run("Math.abs(scrollY / (document.documentElement.scrollHeight - innerHeight) - 0.5) < 0.05")


def test_hostile_names_are_shown_and_run_nothing(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["hostile"])
    assert browser.run("document.querySelector('h1').textContent").startswith(HOSTILE[:30])
    assert browser.run("document.scripts.length") == 2
    browser.point_at("#r0-0-0 rect")
    assert any(value.startswith(HOSTILE[:30]) for value in card(browser).values())
    assert browser.run("document.querySelectorAll('#card script').length") == 0


def test_every_region_is_in_the_tables_too(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["capture"])
    assert browser.run("document.querySelectorAll('tbody tr').length") == len(boxes(browser))
