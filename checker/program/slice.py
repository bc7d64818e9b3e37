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


def slice_for(scenario: p.Scenario, checks: Sequence[p.Check]) -> p.Scenario:
    """The scenario without the runs that none of the checks is about and that need not exist."""
    about = {name for check in checks for name in check.lists}
    for run in reversed(scenario.runs):
        if run.name in about:
            about.add(run.source)
    kept: list[p.Run] = []
    there = {each.name for each in scenario.maps}
    for run in scenario.runs:
        if run.name in about or (run.source in there and _exists(run)):
            there.add(run.name)
            kept.append(run)
    return scenario if len(kept) == len(scenario.runs) else replace(scenario, runs=tuple(kept))


def _exists(run: p.Run) -> bool:
    """Tell whether a run surely exists where its list does: there is something in every range that it chooses from."""
    chooses = (statement for statement in statements(run.algorithm.body) if statement.effects.chooses)
    return all(
        isinstance(each, p.Choose)
        and isinstance(each.low, p.Const)
        and isinstance(each.high, p.Const)
        and -(-each.low.value // each.alignment) * each.alignment < each.high.value
        for each in chooses
    )
