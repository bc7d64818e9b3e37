"""Lists beside the map: random programs by several tellings, and what nobody must be able to prove."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from checker import program as p
from checker.interpret import World, alike, holds, realise
from checker.program.valuation import Valuation
from checker.prove import Limits
from checker.prove.invariants.templates import Stage
from checker.prove.proof.goals import SolvedSystem
from checker.prove.system import inputs
from checker.prove.system.inputs import PRESENT
from checker.prove.terms.effort import Effort
from checker.prove.terms.encode import has_value
from checker.prove.terms.numbers import OutOfReachError
from checker.prove.terms.solver import Answer, Solver
from tests.helpers import seams
from tests.helpers.prover import Prover
from tests.oracles import differential
from tests.writers.lists import RESERVED, ListMaker, scenario
from tests.writers.programs import nodes


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, 100, 100))
def test_interpreter_and_terms_agree(start: int) -> None:
    differential.agree(range(start, start + 100), scenario, lengths=(0, 1, 2, 3, 3, 4))


@pytest.mark.campaign
@pytest.mark.parametrize("start", range(100_000, 135_000, 500))
def test_interpreter_and_terms_agree_in_a_long_series(start: int) -> None:
    differential.agree(range(start, start + 500), scenario, lengths=(0, 1, 2, 3, 3, 4))


def test_generator_makes_everything() -> None:
    seen: set[object] = set()
    for seed in range(200):
        _, made, _ = scenario(seed)
        for node in nodes((made.runs, made.checks)):
            match node:
                case p.ForAll(relation=relation):
                    seen.add((relation, node.arity, len(node.beside)))
                case p.Pass(beside=beside, body=body):
                    inner = [each for each in nodes(body) if isinstance(each, p.Pass)]
                    seen.add(("pass", bool(beside), bool(inner)))
                case _:
                    pass
    wanted = {
        (p.Relation.ACROSS, 1, 1),
        (p.Relation.ANY, 0, 1),
        (p.Relation.ANY, 0, 2),
        (p.Relation.BEFORE, 0, 2),
        *(("pass", beside, inner) for beside, inner in product((True, False), repeat=2)),
    }
    assert wanted <= seen, wanted - seen


# --- what a system has to have room for


def worlds(maker: ListMaker, made: p.Scenario) -> Iterator[World]:
    """Real runs of a scenario, on maps that keep what is assumed."""
    steps = seams.SCALES.now(inputs.inputs(made, made.checks[0].assumptions))
    for _ in range(4):
        scalars = {each.name: maker.value(each.type) for each in made.scalars}
        maps = maker.columns(made, maker.random.choice((1, 2, 3)), steps, scalars)
        regions = [region for column in maps.values() for region in column if region is not None]
        beside = {RESERVED: maker.reserved(maker.random.choice((1, 2, 3)), regions)}
        values = Valuation(maps, scalars, {}, beside=beside)
        chance = differential.Chance(maker.random)
        world = realise(made, values, {run.name: chance.chooser(run.name) for run in made.runs})
        possible = all(layout.possible for layout in world.layouts.values())
        if possible and alike(made, values) and holds(made.checks[0].assumptions, world):
            yield world


def room(solved: SolvedSystem, world: World, row: int, entry: int) -> bool:
    """Tell whether a system has room for a run, seen from a region and an entry."""
    system = solved.system
    solver = Solver(Effort(40_000_000, 10_000_000), solved.facts)
    for name, value in world.scalars.items():
        if name in system.given.scalars:
            solver.add(has_value(system.given.scalars[name], value))
    for name, fields in world.beside[RESERVED][entry].items():
        solver.add(has_value(system.entries[RESERVED][0][name], fields))
    for name, (region,) in system.layouts.items():
        found = {identity.origin: fields for identity, fields in world.regions(name)}
        solver.add(has_value(region[PRESENT], int(row in found)))
        for key, value in found.get(row, {}).items():
            solver.add(has_value(region[key], value))
    return solver.check() is not Answer.UNSAT


def examine(seed: int) -> int:
    """Look at real runs of a scenario through its system, seen from every region and entry. Returns how many."""
    maker, made, _ = scenario(seed, assumed=0.3)
    if any(run.chained for run in made.runs) or len(made.maps) > 1:
        return 0
    found = list(worlds(maker, made))
    # As tests/oracles/watched.py has it: more only goes into candidates that are given up.
    prover = Prover(made, made.checks, Limits(effort=400_000, per_query=100_000))
    stage = (Stage.BASIC, Stage.PLACEMENT)[seed % 2]
    try:
        solved = prover.solve(1, None, stage, (RESERVED,))
    except OutOfReachError:
        return 0
    looked = 0
    for world in found:
        for row, entry in product(range(len(next(iter(world.maps.values())))), range(len(world.beside[RESERVED]))):
            assert room(solved, world, row, entry), f"seed {seed}, region {row}, entry {entry}"
            looked += 1
    return looked


@pytest.mark.slow
def test_real_runs_have_room() -> None:
    assert sum(map(examine, range(20))) > 20


@pytest.mark.campaign
@pytest.mark.parametrize("start", range(20, 2_000, 20))
def test_real_runs_have_room_in_a_long_series(start: int) -> None:
    assert sum(map(examine, range(start, start + 20))) > 10
