"""Passes that split regions and do more: taken apart for proofs, they do what they did, which the interpreter tells.

It runs random programs as they are written, and as proofs take them, on the same maps.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

import pytest

from checker import program as p
from checker.interpret import Layout, realise
from checker.program import walk
from checker.program.valuation import Valuation
from checker.prove.pieces.afterwards import split_afterwards
from tests.helpers.loading import load_file
from tests.helpers.places import FOOLING
from tests.oracles.differential import Chance
from tests.writers.programs import Maker, split_scenario

SEEDS = range(200)
MAPS = 6


@cache
def programs() -> tuple[tuple[Maker, p.Scenario], ...]:
    return tuple((maker, made) for maker, made, _ in map(split_scenario, SEEDS))


def test_they_do_the_same_to_every_map() -> None:
    apart = 0
    for seed, (maker, made) in zip(SEEDS, programs(), strict=True):
        taken = split_afterwards(made)
        if taken is made:
            continue
        apart += 1
        for _ in range(MAPS):
            assert_alike(maker, made, taken, f"seed {seed}")
    assert apart > len(SEEDS) / 4


@pytest.mark.parametrize("path", sorted(FOOLING.glob("split-*.layout")), ids=lambda path: path.stem)
def test_they_do_the_same_where_they_try_to_fool(path: Path) -> None:
    """On regions of three pages, one behind the other, that are cut in their midst."""
    for made in load_file(path).scenarios:
        inputs = dict.fromkeys((name for name, _ in made.maps[0].record.inputs), 0)
        regions = tuple({**inputs, "phys_addr": at * 0x3000, "num_pages": 3, "type": 4 + at} for at in range(3))
        for at in (0, 0x1000, 0x4000, 0x5000, 0x8000):
            valuation = Valuation({made.maps[0].name: regions}, {each.name: at for each in made.scalars}, {}, {}, {})
            assert_same(made, split_afterwards(made), valuation, Chance(Random(0)), f"at {at:#x}")


def test_what_is_split_does_nothing_else_then() -> None:
    for _, made in programs():
        for run in split_afterwards(made).runs:
            for each in walk.passes(run.algorithm.body):
                if walk.has_split(each):
                    assert not walk.assigned(each.body) - walk.bound(each.body)
                    assert p.Exit.PASS not in walk.exits(each.body)


def test_what_splits_alone_stays_as_it_is() -> None:
    kept = [made for _, made in programs() if split_afterwards(made) is made]
    assert any(walk.has_split(run.algorithm.body) for made in kept for run in made.runs)


def assert_alike(maker: Maker, made: p.Scenario, taken: p.Scenario, said: str) -> None:
    scalars = {each.name: maker.value(each.type) for each in made.scalars}
    maps = maker.columns(made, maker.random.randint(1, 4), {}, scalars)
    assert_same(made, taken, Valuation(maps, scalars, {}, {}, {}), Chance(maker.random), said)


def assert_same(made: p.Scenario, taken: p.Scenario, valuation: Valuation, chance: Chance, said: str) -> None:
    choosers = {run.name: chance.chooser(run.name) for run in made.runs}
    worlds = [realise(each, valuation, choosers) for each in (made, taken)]
    for run in made.runs:
        one, other = (world.layouts[run.name] for world in worlds)
        assert outcome(one, made) == outcome(other, made), f"{said}, {run.name}"


def outcome(layout: Layout, made: p.Scenario) -> tuple[object, ...]:
    """All that a run ends with, but for words that its record does not have."""
    known = {*dict(made.maps[0].record.fields), *p.MARKS}
    regions = [{name: value for name, value in each.items() if name in known} for each in layout.regions]
    return layout.possible, layout.identities, layout.exported, len(layout.wrapped), regions, dict(layout.ended)
