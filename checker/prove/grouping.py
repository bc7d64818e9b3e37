"""Checks that are decided together. To know them, nothing has to be decided."""

from __future__ import annotations

from checker import program as p
from checker.program.slice import slice_for


def groups(scenario: p.Scenario) -> list[tuple[p.Check, ...]]:
    """The checks of a scenario in groups that are decided each on its own, in any order.

    Checks that are to be proved under the same assumptions, of the same runs, share their loops; where a refutation is
    expected there is nothing to share.
    """
    found: dict[object, list[p.Check]] = {}
    # Most checks share the very same assumptions, and to hash one means to walk through all that it says.
    numbers: dict[p.Conjunct, int] = {}
    numbered: dict[int, int] = {}
    for index, check in enumerate(scenario.checks):
        alone = check.expected is p.Expected.REFUTED
        for each in check.assumptions:
            if id(each) not in numbered:
                numbered[id(each)] = numbers.setdefault(each, len(numbers))
        runs = tuple(run.name for run in slice_for(scenario, (check,)).runs)
        key = index if alone else (runs, *(numbered[id(each)] for each in check.assumptions))
        found.setdefault(key, []).append(check)
    return [tuple(checks) for checks in found.values()]
