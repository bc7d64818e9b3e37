"""What the models say of page tables against tables of real kernels, as a program on these machines has walked them."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from functools import cache

import pytest

from checker.interpret import run
from tests.helpers.loading import load_file
from tests.helpers.places import DATA, MODELS, SPEC

PAGE, LARGE, HUGE = 1 << 12, 1 << 21, 1 << 30
WINDOW = 0xFFFF_FFEF_0000_0000
WALKS = {
    "shaped-nearlimit-6.1": "shaped-nearlimit-6.1/runtime-map.json",
    "shaped-odd-6.1": "shaped-odd-6.1/runtime-map.json",
    "q35-9g-ovmf2m-5.10": "q35-9g-ovmf2m-5.10/runtime-map.json",
    "shaped-esrt-mok-6.12-kexec1": "shaped-esrt-mok-6.12/kexec1-runtime-map.json",
}
Run = tuple[int, int, int]
"""Addresses from a first one up to the last, and the frame at the first."""


@cache
def walked(name: str) -> tuple[Run, ...]:
    """The runs of a walk, by address."""
    text = (DATA / "page-walks" / f"{name}.txt").read_text()
    rows = re.findall(r"^([0-9a-f]{16})-([0-9a-f]{16}) pa=([0-9a-f]+)", text, re.MULTILINE)
    return tuple(sorted((int(first, 16), int(last, 16), int(frame, 16)) for first, last, frame in rows))


def frame_at(name: str, page: int) -> int | None:
    """The frame that was found for a page."""
    runs = walked(name)
    index = bisect_right(runs, (page, 1 << 64, 0)) - 1
    if index < 0 or runs[index][1] < page:
        return None
    first, _, frame = runs[index]
    return frame + page - first


def regions(name: str) -> list[dict[str, int]]:
    """The regions that the kernel shows, in its order."""
    rows = json.loads((DATA / "handover" / "captures" / WALKS[name]).read_text())
    names = ("type", "phys_addr", "virt_addr", "num_pages", "attribute")
    return [{key: int(row[key], 16) for key in names} | {"frame": 0} for row in rows]


def pages_of(start: int, size: int) -> list[int]:
    """The ends of a region, and pages about the first and the last of each size in it."""
    around = [start, start + size - PAGE]
    for unit in (LARGE, HUGE):
        for edge in (-(-start // unit) * unit, (start + size) // unit * unit):
            around += [edge - PAGE, edge]
    return sorted({each for each in around if start <= each < start + size})


@pytest.mark.parametrize("name", [each for each in WALKS if "kexec" not in each])
@pytest.mark.parametrize("identity", [True, False], ids=["one to one", "window"])
def test_a_processor_finds_what_the_model_says(name: str, identity: bool) -> None:
    (populate,) = load_file(SPEC / "page_tables.layout").algorithms
    for region in regions(name):
        address = region["phys_addr"] if identity else region["virt_addr"]
        for page in pages_of(address, region["num_pages"] * PAGE):
            (made,) = run(populate, [{**region, "virt_addr": address}], {"page": page, "gbpages": True}).regions
            assert made["written"] and not made["astray"]
            assert made["frame"] == frame_at(name, page), (hex(address), hex(page))


@pytest.mark.parametrize("name", WALKS)
def test_nothing_else_is_in_the_window(name: str) -> None:
    told = {(each["virt_addr"], each["num_pages"] * PAGE) for each in regions(name)}
    assert sum(last + 1 - first for first, last, _ in walked(name) if first >= WINDOW) == sum(size for _, size in told)


def test_the_second_region_at_an_address_finds_the_frame_of_the_first() -> None:
    (remap,) = load_file(MODELS / "pages" / "pages-already-there.layout").algorithms
    name = "shaped-esrt-mok-6.12-kexec1"
    known = regions(name)
    addresses = [each["virt_addr"] for each in known]
    first, second = [each for each in known if addresses.count(each["virt_addr"]) == 2]
    address = first["virt_addr"]
    assert first["phys_addr"] != second["phys_addr"]
    # The model maps one to one. Where it is does not matter to it: all is as far from the window as the second region.
    down = address - second["phys_addr"]
    there = [{"address": address - down, "frame": first["phys_addr"]}]
    (made,) = run(remap, [second], {"page": address - down}, beside={"tables": there}).regions
    assert made["frame"] == first["phys_addr"] == frame_at(name, address)
    assert frame_at(name, address + PAGE) is None
