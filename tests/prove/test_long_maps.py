"""What breaks on hundreds of regions only is refuted by such a map, which nobody calls the smallest."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from checker import program as p
from checker.prove import Limits, Result, Verdict, decide, recheck
from checker.verify import replay
from tests.helpers.command import mapproof
from tests.helpers.loading import load_source

pytestmark = pytest.mark.slow

NUMBERED = """
record Part {
    start: pa
    number: u8
    placed at where_to: va
}

list Parts of Part
layout PartsMade of Parts

algorithm number(map: Parts) {
    var next: u8 = 0
    for r in map {
        r.number = next
        next +%= 1
        place r at 0
    }
}

scenario numbers {
    given map: Parts
    let made = number(map)
    check each a, b in made: a.number != b.number expect refuted
    check each a before b in made: a.number < b.number expect refuted
}
"""

FRAMES = """
algorithm frames(map: MemoryMap) {
    var frame: va = EFI_WINDOW.start
    var used: bytes = 0
    for r in map where r.runtime and r.num_pages <= 0x40000 {
        if used +% r.size > 1G {
            frame += 1G
            used = 0
        }
        place r at frame +% used
        used +%= r.size
    }
}

scenario framed {
    given map: MemoryMap where well_formed, count(r in map) <= MOST
    let made = frames(map)
    check fits(made)
}
"""
"""A window of 64 frames, of which each takes a region of a GiB and no more."""


def result(text: str, number: int = 0, limits: Limits | None = None) -> tuple[p.Scenario, Result]:
    (scenario,) = load_source(text).scenarios
    checks = [scenario.checks[number]]
    (found,) = decide(scenario, checks, replay, limits or Limits())
    return scenario, found


def test_a_byte_comes_round_at_257_regions() -> None:
    scenario, found = result(NUMBERED)
    assert found.verdict is Verdict.REFUTED
    assert found.counterexample is not None
    assert found.counterexample.size == 257
    assert replay.breaks(scenario, found.check, found.counterexample)
    assert not found.smallest


def test_what_is_searched_for_is_the_smallest() -> None:
    _, found = result(NUMBERED.replace("a.number < b.number", "a.number > b.number"), 1)
    assert found.verdict is Verdict.REFUTED
    assert found.smallest


@pytest.mark.parametrize(("most", "verdict"), [(63, Verdict.PROVED), (100, Verdict.REFUTED)])
def test_sizes_are_those_that_the_program_names(most: int, verdict: Verdict) -> None:
    _, found = result(FRAMES.replace("MOST", str(most)))
    assert found.verdict is verdict
    assert found.counterexample is None or found.counterexample.size == 65


def test_who_asks_for_short_ones_gets_no_long_one() -> None:
    _, found = result(NUMBERED, limits=Limits.chosen(bound=3))
    assert (found.verdict, found.bound) == (Verdict.PROVED_TO_BOUND, 3)


def test_no_more_is_shown_than_is_allowed() -> None:
    _, found = result(NUMBERED, limits=replace(Limits(), shown=500))
    assert found.verdict is Verdict.PROVED_TO_BOUND


@pytest.mark.parametrize(("number", "accepted"), [(0, True), (1, False)])
def test_it_is_checked_again_that_no_short_map_does(number: int, accepted: bool) -> None:
    """The second property breaks on two regions if it is turned round, so that a long map is not worth showing."""
    _, found = result(NUMBERED)
    turned = load_source(NUMBERED.replace("a.number < b.number", "a.number > b.number")).scenarios[0]
    claim = replace(found.claim, check=turned.checks[number])
    (again,) = recheck(turned, [claim], replay, Limits(), least=True)
    assert (again.verdict is Verdict.REFUTED) is accepted
    assert accepted or "a shorter map breaks it" in again.detail
    assert not accepted or not again.smallest


def test_reports_say_so(tmp_path: Path) -> None:
    (tmp_path / "numbered.layout").write_text(NUMBERED)
    asked = ("verify", str(tmp_path / "numbered.layout"), "--property", "each a, b in made*")
    assert "257 regions, or fewer: " in mapproof(*asked).stdout
    assert "fewer regions may break it as well" in mapproof(*asked, "-v").stdout
    (shown,) = json.loads(mapproof(*asked, "--format", "json").stdout)["results"]
    assert shown["smallest"] is False
