"""Every real run is a path of the prover's loop system, and keeps every invariant that was found for it: see
tests/oracles/paths.py.

`MAPPROOF_SEEDS=1000:3000` runs another, longer series.
"""

from __future__ import annotations

import os

import pytest

from tests.oracles import paths
from tests.writers.programs import previous_scenario, room_scenario, scenario
from tests.writers.scenarios import sums_scenario

pytestmark = pytest.mark.slow

CHUNKS, SIZE = 2, 8


def series(chunks: int = CHUNKS) -> list[range]:
    text = os.environ.get("MAPPROOF_SEEDS", f"0:{chunks * SIZE}")
    first, last = map(int, text.split(":"))
    return [range(first, min(first + SIZE, last)) for first in range(first, last, SIZE)]


@pytest.mark.parametrize("seeds", series(), ids=lambda seeds: f"{seeds.start}")
def test_real_runs_are_paths(seeds: range) -> None:
    assert sum(paths.examine(seed, scenario) for seed in seeds) > 5 * len(seeds)


@pytest.mark.parametrize("seeds", series()[:1], ids=lambda seeds: f"{seeds.start}")
def test_real_runs_that_look_at_the_region_before_are_paths(seeds: range) -> None:
    assert sum(paths.examine(seed, previous_scenario) for seed in seeds) > 5 * len(seeds)


@pytest.mark.parametrize("seeds", series()[:1], ids=lambda seeds: f"{seeds.start}")
def test_real_runs_that_choose_beside_others_are_paths(seeds: range) -> None:
    assert sum(paths.examine(seed, room_scenario) for seed in seeds) > 5 * len(seeds)


@pytest.mark.parametrize("seeds", series()[:1], ids=lambda seeds: f"{seeds.start}")
def test_real_runs_that_add_up_the_same_again_are_paths(seeds: range) -> None:
    assert sum(paths.examine(seed, sums_scenario) for seed in seeds[:3]) > 3


@pytest.mark.campaign
@pytest.mark.parametrize("start", range(10_000, 11_000, 20))
def test_real_runs_that_add_up_the_same_again_are_paths_in_a_long_series(start: int) -> None:
    assert sum(paths.examine(seed, sums_scenario) for seed in range(start, start + 20)) > 20


@pytest.mark.campaign
@pytest.mark.parametrize("start", range(5_000, 6_000, 20))
def test_real_runs_that_choose_beside_others_are_paths_in_a_long_series(start: int) -> None:
    assert sum(paths.examine(seed, room_scenario) for seed in range(start, start + 20)) > 100


@pytest.mark.campaign
@pytest.mark.parametrize("start", range(8, 1_000, 20))
def test_real_runs_that_look_at_the_region_before_are_paths_in_a_long_series(start: int) -> None:
    assert sum(paths.examine(seed, previous_scenario) for seed in range(start, start + 20)) > 100


@pytest.mark.campaign
@pytest.mark.parametrize("start", range(16, 3_000, 20))
def test_real_runs_are_paths_in_a_long_series(start: int) -> None:
    assert sum(paths.examine(seed, scenario) for seed in range(start, start + 20)) > 100
