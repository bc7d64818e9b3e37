"""Random scenarios of several kernels: interpreter, terms, loops and proofs against each other.

`MAPPROOF_SEEDS=1000:3000` runs another, longer series.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial

import pytest

from checker import program as p
from checker.prove import Limits, engine
from checker.prove.results import Result, Verdict
from checker.prove.search.unroll import Shape, shapes
from checker.prove.terms.numbers import OutOfReachError
from checker.verify import replay
from tests.prove import test_differential, test_system
from tests.writers.programs import nodes
from tests.writers.scenarios import scenario

SIZE = 6
ROWS = 3
"""Proofs are held against the search for counterexamples with so many regions."""

PROOF = Limits(effort=20_000_000, per_query=2_000_000)
SEARCH = 4_000_000


def series(length: int, size: int) -> list[range]:
    first, last = map(int, os.environ.get("MAPPROOF_SEEDS", f"0:{length}").split(":"))
    return [range(start, min(start + size, last)) for start in range(first, last, size)]


@pytest.mark.parametrize("seeds", series(240, 60), ids=lambda seeds: f"{seeds.start}")
def test_interpreter_and_terms_agree(seeds: range) -> None:
    skipped = 0
    for seed in seeds:
        maker, made, _ = scenario(seed, after_chains=True)
        length = maker.random.choice((1, 2, 3, 4))
        try:
            unrolled, bundle = test_differential.unroll(maker, made, length)
        except OutOfReachError:
            skipped += 1
            continue
        for attempt in range(3):
            try:
                test_differential.compare(maker, made, unrolled, bundle)
            except AssertionError as error:
                raise AssertionError(f"seed {seed}, map {attempt}: {error}") from error
    assert skipped <= len(seeds) / 20, "the generator stays within what can be encoded"


@pytest.mark.parametrize("seeds", series(12, SIZE), ids=lambda seeds: f"{seeds.start}")
def test_real_runs_are_paths(seeds: range, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_system, "scenario", partial(scenario, after_chains=True))
    assert sum(test_system.examine(monkeypatch, seed) for seed in seeds) > len(seeds)


def refutation(group: engine._Group, check: p.Check) -> Shape | None:
    """The shape of a counterexample with few regions, if one is found with some effort."""
    for rows in range(ROWS + 1):
        for shape in list(shapes(group.scenario, rows))[:12]:
            if isinstance(found := group._search_shape(check, shape, SEARCH), Result):
                assert found.verdict is Verdict.REFUTED, found.detail
                return shape
    return None


def proofs(seed: int) -> tuple[int, int]:
    """How many checks of a scenario are proved, of how many; none of them is refuted with few regions."""
    _, made, _ = scenario(seed, after_chains=True)
    parts = [check for check in made.checks if isinstance(check.goal, p.ExactArithmetic)]
    for check in made.checks:
        if not isinstance(check.goal, p.ExactArithmetic):
            parts += [replace(check, label=f"goal {i}", goal=(each,)) for i, each in enumerate(check.goal)]
    group = engine._Group(made, tuple(parts), replay.breaks, replay.applies, PROOF)
    proved = 0
    for check in parts:
        group.effort = PROOF.allowance()
        try:
            shown = group._prove(check)
        except OutOfReachError:
            continue
        if not isinstance(shown, str):
            proved += 1
            group.effort = PROOF.allowance()
            assert (shape := refutation(group, check)) is None, f"seed {seed}, {check.label}: {shape}"
    return proved, len(parts)


@pytest.mark.parametrize("seed", [14, 434])
def test_real_chains_are_paths(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scenarios with chains: few seeds make one. In the last one a kernel reads what an earlier one has written."""
    monkeypatch.setattr(test_system, "scenario", scenario)
    assert any(run.chained for run in scenario(seed, assumed=0)[1].runs)
    assert test_system.examine(monkeypatch, seed) > 5


@pytest.mark.parametrize("seeds", series(12, SIZE), ids=lambda seeds: f"{seeds.start}")
def test_nothing_is_proved_and_refuted(seeds: range) -> None:
    found = [proofs(seed) for seed in seeds]
    assert sum(proved for proved, _ in found) > 0


def test_all_kinds_of_scenarios_occur() -> None:
    seen: set[object] = set()
    for seed in range(400):
        _, made, _ = scenario(seed, after_chains=True)
        runs = {run.name: run for run in made.runs}
        for run in made.runs:
            source = runs.get(run.source)
            after = "map" if source is None else "chain" if source.chained else "receiver" if source.handover else "run"
            seen.add((after, int(run.chained)))
            seen.add(("maps", len(made.maps), after))
            seen.add(("receivers", sum(each.source == run.name for each in made.runs)))
        seen |= {type(node) for node in nodes(made.runs)}
        seen |= {run.handover.travel for run in made.runs if run.handover is not None}
    wanted: set[object] = {(after, chained) for after in ("run", "receiver", "chain") for chained in (0, 1)}
    wanted |= {("maps", maps, after) for maps in (1, 2) for after in ("map", "run", "receiver", "chain")}
    wanted |= {("receivers", 2), *p.Travel, p.Break, p.Drop, p.Export, p.Choose}
    assert wanted <= seen, wanted - seen
