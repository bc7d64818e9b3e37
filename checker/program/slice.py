"""The slice of a scenario that some checks are about.

Where a `choose` has nothing to choose from there is no such run, and nothing is claimed of it. That must not silence
what is claimed of the other runs on the same map. So checks are decided in the scenario without the runs that they say
nothing of and that need not exist.

*Sound*, because a check is about the layouts that it names, in what it claims and in what it assumes, and about those
from which these come. What is left out beside them tells nothing of them. What is kept beside them exists on every map
on which the run exists that it comes from, so that it excludes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from checker import program as p
from checker.program.walk import statements


def about(scenario: p.Scenario, checks: Sequence[p.Check]) -> p.Scenario:
    """The scenario with the runs that checks are about, and those from which these come, and no other.

    A proof needs no more of it. *Sound*, as above: whether another run exists, and what it makes of a map, changes
    nothing of a layout that does not come from it.
    """
    names = _about(scenario, checks)
    kept = tuple(run for run in scenario.runs if run.name in names)
    return scenario if len(kept) == len(scenario.runs) else replace(scenario, runs=kept)


def run_names(scenario: p.Scenario) -> tuple[str, ...]:
    """The names of a scenario's runs, which tell its slices apart."""
    return tuple(run.name for run in scenario.runs)


def slice_for(scenario: p.Scenario, checks: Sequence[p.Check]) -> p.Scenario:
    """The scenario without the runs that none of the checks is about and that need not exist."""
    names = _about(scenario, checks)
    kept: list[p.Run] = []
    there = {each.name for each in scenario.maps}
    for run in scenario.runs:
        if run.name in names or (run.source in there and always_runs(run.algorithm)):
            there.add(run.name)
            kept.append(run)
    return scenario if len(kept) == len(scenario.runs) else replace(scenario, runs=tuple(kept))


def _about(scenario: p.Scenario, checks: Sequence[p.Check]) -> set[str]:
    """The maps and layouts that checks are about, and those from which these come."""
    names = {name for check in checks for name in check.lists}
    for run in reversed(scenario.runs):
        if run.name in names:
            names.add(run.source)
    return names


def always_runs(algorithm: p.Algorithm) -> bool:
    """Tell whether an algorithm has a run on every list: there is something in every range that it chooses from."""
    chooses = (statement for statement in statements(algorithm.body) if statement.effects.chooses)
    return all(
        isinstance(each, p.Choose)
        and each.room is None
        and isinstance(each.low, p.Const)
        and isinstance(each.high, p.Const)
        and -(-each.low.value // each.alignment) * each.alignment < each.high.value
        for each in chooses
    )
