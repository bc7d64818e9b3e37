"""Random scenarios of several kernels: interpreter, terms, loops and proofs against each other.

`MAPPROOF_SEEDS=1000:3000` runs another, longer series.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial

import pytest

from checker import program as p
from checker.prove import Limits
from checker.prove.results import Verdict
from checker.prove.search.shapes import Shape, shapes
from checker.prove.terms.numbers import OutOfReachError
from checker.prove.terms.solver import Answer
from tests.helpers.prover import Prover
from tests.oracles import differential, paths
from tests.writers.programs import nodes
from tests.writers.scenarios import scenario

pytestmark = pytest.mark.slow

SIZE = 6
ROWS = 3
"""Proofs are held against the search for counterexamples with so many regions."""

PROOF = Limits(effort=20_000_000, per_query=2_000_000)
SEARCH = 4_000_000

several_kernels = partial(scenario, after_chains=True)


def series(length: int, size: int) -> list[range]:
    first, last = map(int, os.environ.get("MAPPROOF_SEEDS", f"0:{length}").split(":"))
    return [range(start, min(start + size, last)) for start in range(first, last, size)]


@pytest.mark.parametrize("seeds", series(60, 60), ids=lambda seeds: f"{seeds.start}")
def test_interpreter_and_terms_agree(seeds: range) -> None:
    differential.agree(seeds, several_kernels, lengths=(1, 2, 3, 4))


@pytest.mark.parametrize("seeds", series(12, SIZE), ids=lambda seeds: f"{seeds.start}")
def test_real_runs_are_paths(seeds: range) -> None:
    assert sum(paths.examine(seed, several_kernels) for seed in seeds) > len(seeds)


def refutation(prover: Prover, made: p.Scenario, check: p.Check) -> Shape | None:
    """The shape of a counterexample with few regions, if one is found with some effort."""
    for rows in range(ROWS + 1):
        for shape in list(shapes(made, rows))[:12]:
            if not isinstance(found := prover.search(check, shape, SEARCH), Answer):
                assert found.verdict is Verdict.REFUTED, found.detail
                return shape
    return None


def proofs(seed: int) -> tuple[int, int]:
    """How many checks of a scenario are proved, of how many; none of them is refuted with few regions."""
    _, made, _ = several_kernels(seed)
    parts = [check for check in made.checks if isinstance(check.goal, p.ExactArithmetic)]
    for check in made.checks:
        if not isinstance(check.goal, p.ExactArithmetic):
            parts += [replace(check, label=f"goal {i}", goal=(each,)) for i, each in enumerate(check.goal)]
    prover = Prover(made, parts, PROOF)
    proved = 0
    for check in parts:
        try:
            shown = prover.proves(check)
        except OutOfReachError:
            continue
        if shown:
            proved += 1
            assert (shape := refutation(prover, made, check)) is None, f"seed {seed}, {check.label}: {shape}"
    return proved, len(parts)


@pytest.mark.parametrize("seed", [14, 57])
def test_real_chains_are_paths(seed: int) -> None:
    """Scenarios with chains: few seeds make one. In the last one a kernel reads what an earlier one has written."""
    assert any(run.chained for run in scenario(seed, assumed=0)[1].runs)
    assert paths.examine(seed, scenario) > 5


@pytest.mark.parametrize("seeds", series(12, SIZE), ids=lambda seeds: f"{seeds.start}")
def test_nothing_is_proved_and_refuted(seeds: range) -> None:
    found = [proofs(seed) for seed in seeds]
    assert sum(proved for proved, _ in found) > 0


def test_all_kinds_of_scenarios_occur() -> None:
    seen: set[object] = set()
    for seed in range(400):
        _, made, _ = several_kernels(seed)
        runs = {run.name: run for run in made.runs}
        for run in made.runs:
            source = runs.get(run.source)
            after = "map" if source is None else "chain" if source.chained else "receiver" if source.handover else "run"
            seen.add((after, int(run.chained)))
            seen.add(("maps", len(made.maps), after))
            seen.add(("receivers", sum(each.source == run.name for each in made.runs)))
        seen |= {type(node) for node in nodes(made.runs)}
        seen |= {node.exit for node in nodes(made.runs) if isinstance(node, p.Leave)}
        seen |= {node.mark for node in nodes(made.runs) if isinstance(node, p.Mark)}
        seen |= {run.handover.travel for run in made.runs if run.handover is not None}
    wanted: set[object] = {(after, chained) for after in ("run", "receiver", "chain") for chained in (0, 1)}
    wanted |= {("maps", maps, after) for maps in (1, 2) for after in ("map", "run", "receiver", "chain")}
    wanted |= {("receivers", 2), *p.Travel, *p.Exit, p.DROPPED, p.PLACED, p.Export, p.Choose}
    assert wanted <= seen, wanted - seen
