"""The two Linux walks on maps whose addresses are known: worked out by hand, or read off real machines."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from checker import program as p
from checker.interpret import Values, run
from tests.helpers.loading import load_file
from tests.helpers.places import MODELS, ROOT

DATA = json.loads((ROOT / "tests" / "data" / "vectors.json").read_text())
RUNTIME_SERVICES_DATA = 6
RUNTIME = 1 << 63


@cache
def model(name: str) -> p.Algorithm:
    return load_file(MODELS / f"{name}.layout").algorithms[0]


def region(address: str, pages: int, kind: int = RUNTIME_SERVICES_DATA) -> Values:
    """A runtime region, or one of another type without the attribute."""
    attribute = RUNTIME if kind == RUNTIME_SERVICES_DATA else 0
    return {"type": kind, "phys_addr": int(address, 16), "virt_addr": 0, "num_pages": pages, "attribute": attribute}


@pytest.mark.parametrize("vector", DATA["vectors"], ids=lambda vector: vector["name"])
def test_regions_are_placed_where_the_kernel_places_them(vector: dict[str, Any]) -> None:
    layout = run(model(vector["model"]), [region(*each) for each in vector["regions"]], {})
    placed = [hex(each["virt_addr"]) if each["placed"] else None for each in layout.regions]
    assert vector["addresses"] == placed


@pytest.mark.slow
@pytest.mark.parametrize("vector", DATA["repeated"], ids=lambda vector: vector["name"])
def test_the_window_holds_as_many_as_it_should(vector: dict[str, Any]) -> None:
    regions = [region(*each) for each in vector["regions"]] * vector["times"]
    layout = run(model(vector["model"]), regions, {})
    assert vector["placed"] == sum(each["placed"] for each in layout.regions)


def test_after_an_overflow_no_region_is_placed() -> None:
    window = region("0x0", (1 << 24) + 1)
    layout = run(model("linux-x86-forward"), [region("0x0", 1), window, region("0x0", 1), region("0x0", 0)], {})
    assert [each["placed"] for each in layout.regions] == [1, 0, 0, 0]
    assert layout.exported == (0, 1, 2, 3)


def test_the_reversed_walk_exports_downwards() -> None:
    layout = run(model("linux-x86-reversed"), [region("0x0", 1), region("0x5000", 1), region("0x9000", 1)], {})
    assert layout.exported == (2, 1, 0)
