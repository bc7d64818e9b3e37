"""The interpreter as the prover's judge: what the prover finds is believed only after it was run."""

from __future__ import annotations

from checker.interpret import Chooser, Setting, World, alike, holds, instances, realise, violation
from checker.language import program as p
from checker.prove.bounded import Concrete, lists_of


def world(scenario: p.Scenario, found: Concrete) -> World | None:
    """Everything that the scenario runs, on the given values; None where these are no values that it allows: maps that
    are not alike as they should be, or a choice that is not a legal one."""
    choosers = {run.name: _chooser(run.name, found) for run in scenario.runs}
    setting = Setting(found.maps, found.scalars, choosers, found.orders, found.generations)
    if not alike(scenario, setting):
        return None
    made = realise(scenario, setting)
    return made if all(layout.possible for layout in made.layouts.values()) else None


def breaks(scenario: p.Scenario, check: p.Check, found: Concrete) -> bool:
    """Whether the values keep every assumption of the check and break its goal."""
    made = world(scenario, found)
    return made is not None and holds(check.assumptions, made) and violation(check, made) is not None


def applies(scenario: p.Scenario, check: p.Check, found: Concrete) -> bool:
    """Whether the values keep every assumption of the check and its goal applies to something that was placed."""
    made = world(scenario, found)
    if made is None or not holds(check.assumptions, made):
        return False
    if isinstance(check.goal, p.ExactArithmetic):
        return True
    for conjunct in check.goal:
        formula = conjunct.formula
        if not isinstance(formula, p.Quantified):
            continue
        if next(instances(formula, made), None) is None:
            return False
        for name in lists_of(formula):
            layout = made.layouts.get(name)
            places = made.records[scenario.maps[0].name].placement is not None
            if places and layout is not None and not any(region[p.PLACED] for region in layout.regions):
                return False
    return True


def _chooser(run: str, found: Concrete) -> Chooser:
    def choose(name: str, region: int | None, legal: range) -> int | None:
        value = found.choices.get((run, name, region))
        return value if value is not None and value in legal else None

    return choose
