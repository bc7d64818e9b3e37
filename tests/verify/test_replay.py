"""The judge of counterexamples: what it is shown may come from anybody, and is believed only if it can happen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from checker import program as p
from checker.language import load_text
from checker.program.valuation import Valuation
from checker.verify import replay
from tests.helpers.places import SPEC

CELLS = b"""
record Cell { placed at spot: va  base: pa  kind: u8 }
list Cells of Cell
layout Shelf of Cells
algorithm fill(cells: Cells, top: va) {
  choose start: va in 4K .. top aligned 4K
  for cell in cells {
    choose gap: bytes in 1 .. 3
    place cell at start +% gap
  }
}
property none(shelf: Shelf) = each c in shelf: not c.placed
scenario s {
  given cells: Cells where each c in cells: c.kind == 1
  given others: Cells like cells except c: c.base == 0
  given top: va
  given other_top: va
  let shelf = fill(cells, top)
  let again = fill(others, other_top)
  check none(shelf) expect refuted
}
"""

CELL = {"spot": 0, "base": 1, "kind": 1}
OTHER = {"spot": 0, "base": 0, "kind": 1}
CHOICES = {
    ("shelf", "start", None): 0x2000,
    ("shelf", "gap", 0): 1,
    ("shelf", "gap", 1): 2,
    ("again", "start", None): 0x1000,
    ("again", "gap", 0): 2,
}
RIGHT = Valuation({"cells": (CELL, OTHER), "others": (CELL, None)}, {"top": 0x3000, "other_top": 0x2000}, CHOICES)


@cache
def scenario() -> p.Scenario:
    program = load_text("cells.layout", CELLS, (SPEC,))
    assert isinstance(program, p.Program), program
    return program.scenarios[0]


def believed(found: Valuation) -> bool:
    """Whether it counts as a counterexample, and as a map on which the property says something."""
    (check,) = (each for each in scenario().checks if each.written)
    broken, applied = replay.breaks(scenario(), check, found), replay.applies(scenario(), check, found)
    assert broken == applied, "here the property is broken wherever it says something"
    return broken


def choosing(**changed: int) -> Valuation:
    """With other choices in the run `shelf`."""
    rows = {"start": None, "gap": 0}
    choices = {("shelf", name, rows[name]): value for name, value in changed.items()}
    return replace(RIGHT, choices={**CHOICES, **choices})


def maps(cells: Mapping[str, int] | None, others: Mapping[str, int] | None) -> Valuation:
    """With other values in the first row of the maps."""
    return replace(RIGHT, maps={"cells": (cells, OTHER), "others": (others, None)})


def test_what_can_happen_is_believed() -> None:
    assert believed(RIGHT)
    assert believed(choosing(start=0x1000, gap=2))
    assert believed(maps({**CELL, "base": 5}, {**CELL, "base": 5}))
    assert believed(maps({**OTHER, "spot": 7}, {**OTHER, "spot": 8})), "they may differ in this one"


@pytest.mark.parametrize("start", [0, 0xFFF, 0x1001, 0x3000, 0x4000, 1 << 64, -0x1000])
def test_a_choice_is_one_of_those_that_there_are(start: int) -> None:
    assert not believed(choosing(start=start))


@pytest.mark.parametrize("gap", [0, 3])
def test_a_choice_in_a_pass_is_one_of_those_that_there_are(gap: int) -> None:
    assert not believed(choosing(gap=gap))


@pytest.mark.parametrize("key", list(CHOICES), ids=str)
def test_every_choice_is_made(key: Any) -> None:
    assert not believed(replace(RIGHT, choices={each: CHOICES[each] for each in CHOICES if each != key}))


@pytest.mark.parametrize("top", ["top", "other_top"])
def test_there_is_no_run_that_has_nothing_to_choose_from(top: str) -> None:
    assert not believed(replace(RIGHT, scalars={**RIGHT.scalars, top: 0x1000}))


@pytest.mark.parametrize(
    "found",
    [
        maps(CELL, None),
        maps(None, CELL),
        maps(CELL, {**CELL, "spot": 1}),
        maps({**CELL, "base": 5}, CELL),
        maps(CELL, OTHER),
        maps(OTHER, CELL),
    ],
    ids=["missing", "added", "another spot", "another base", "another like this", "another like that"],
)
def test_maps_are_alike_that_should_be(found: Valuation) -> None:
    assert not believed(found)


def test_what_is_assumed_is_kept() -> None:
    assert not believed(maps({**CELL, "kind": 2}, {**CELL, "kind": 2}))


@pytest.mark.parametrize(
    "change",
    [
        {"scalars": {}},
        {"scalars": {"top": 1 << 64, "other_top": 0x2000}},
        {"scalars": {"top": 0x3000, "other_top": 0x2000, "bottom": 0}},
        {"maps": {"cells": (CELL,)}},
        {"maps": {"cells": (CELL, OTHER), "others": (CELL,)}},
        {"orders": {"shelf": (0, 1)}},
        {"generations": {"shelf": 1}},
    ],
    ids=str,
)
def test_there_is_a_value_for_everything_that_is_open_and_nothing_else(change: dict[str, Any]) -> None:
    assert not believed(replace(RIGHT, **change))
