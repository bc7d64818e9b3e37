"""The interpreter as the prover's judge: what the prover finds is believed only after it was run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checker import program as p
from checker.base.values import frozen
from checker.interpret import (
    Chooser,
    Violation,
    World,
    alike,
    counted,
    holds,
    instances,
    realise,
    violation,
    violations,
)
from checker.program.types import Type, width
from checker.program.valuation import MAX_GENERATIONS, Valuation
from checker.program.walk import asked_where


def world(scenario: p.Scenario, found: Valuation) -> World | None:
    """Everything that the scenario runs, on the given values; None where these are no values that it allows: numbers
    out of range, maps that are not alike as they should be, or a choice that is not a legal one."""
    if not _legal(scenario, found):
        return None
    choosers = {run.name: _chooser(run.name, found) for run in scenario.runs}
    if not alike(scenario, found):
        return None
    made = realise(scenario, found, choosers)
    return made if all(layout.possible for layout in made.layouts.values()) else None


@frozen
class Seen:
    """A counterexample as the interpreter sees it: all that is made of it, and what of the check's goal it breaks.

    None stands for values that the scenario does not allow, and for a goal that is not broken.
    """

    world: World | None
    broken: Violation | None


def see(scenario: p.Scenario, check: p.Check, found: Valuation) -> Seen:
    """Run a counterexample once more, to be shown."""
    made = world(scenario, found)
    return Seen(made, None if made is None else violation(check, made))


@frozen
class Replayed:
    """A counterexample that was run again on its model: what it breaks of the check's goal, or None if that holds."""

    model: str
    scenario: p.Scenario
    check: p.Check
    seen: Seen
    changed: tuple[str, ...] = ()
    """The sources of the model that are not what they were when the counterexample was made."""

    @property
    def holds(self) -> bool:
        """Tell whether the map does not break the property."""
        return self.seen.broken is None


@frozen
class SaysNothing:
    """The reason why values say nothing of a check: they are no run of the scenario, or break what is assumed."""

    unkept: Violation | None


def rerun(
    model: str, scenario: p.Scenario, check: p.Check, found: Valuation, changed: tuple[str, ...] = ()
) -> Replayed | SaysNothing:
    """Run a counterexample on a model that may have changed since it was found."""
    seen = see(scenario, check, found)
    if seen.world is None:
        return SaysNothing(None)
    unkept = next(violations(check.assumptions, seen.world), None)
    return Replayed(model, scenario, check, seen, changed) if unkept is None else SaysNothing(unkept)


def breaks(scenario: p.Scenario, check: p.Check, found: Valuation) -> bool:
    """Tell whether the values keep every assumption of the check and break its goal."""
    made = world(scenario, found)
    return made is not None and holds(check.assumptions, made) and violation(check, made) is not None


def applies(scenario: p.Scenario, check: p.Check, found: Valuation) -> bool:
    """Tell whether the values keep every assumption of the check and its goal applies to something, which was placed if
    it asks for that."""
    made = world(scenario, found)
    if made is None or not holds(check.assumptions, made):
        return False
    if isinstance(check.goal, p.ExactArithmetic):
        return True
    for conjunct in check.goal:
        formula = conjunct.formula
        if isinstance(formula, p.ForAll):
            said = next(instances(formula, made), None) is not None
        elif isinstance(formula, p.TotalsAtMost):
            said = any(next(counted(each, made), None) is not None for each in formula.totals)
        else:
            continue
        if not said:
            return False
        record = scenario.maps[0].record
        for name in asked_where(formula, record):
            layout = made.layouts.get(name)
            placed = (region[mark] for region in (layout.regions if layout else ()) for mark in record.placed_marks)
            if layout is not None and not any(placed):
                return False
    return True


def _chooser(run: str, found: Valuation) -> Chooser:
    def choose(name: str, region: int | None, legal: range) -> int | None:
        value = found.choices.get((run, name, region))
        return value if value is not None and value in legal else None

    return choose


def _legal(scenario: p.Scenario, found: Valuation) -> bool:
    """Tell whether these are values for this scenario at all: nobody knows who wrote a counterexample that is kept."""
    columns = [found.maps.get(each.name, ()) for each in scenario.maps]
    rows = range(len(columns[0]))
    orders = {run.name for run in scenario.runs if run.handover is not None and run.handover.travel is p.Travel.ANYHOW}
    chains = {run.name for run in scenario.runs if run.chained}
    return (
        found.maps.keys() == {each.name for each in scenario.maps}
        and all(len(column) == len(rows) for column in columns)
        and all(
            region is None or _in_range(each.record.inputs, region)
            for each, column in zip(scenario.maps, columns, strict=True)
            for region in column
        )
        and found.beside.keys() == {each.name for each in scenario.beside}
        and all(_in_range(each.record.inputs, entry) for each in scenario.beside for entry in found.beside[each.name])
        and _in_range([(each.name, each.type) for each in scenario.scalars], found.scalars)
        and found.orders.keys() <= orders
        and all(sorted(order) == list(rows) for order in found.orders.values())
        and found.generations.keys() <= chains
        and all(1 <= times <= MAX_GENERATIONS for times in found.generations.values())
        and all(number >= 0 for number in found.indices.values())
    )


def _in_range(kinds: Sequence[tuple[str, Type]], values: Mapping[str, int]) -> bool:
    """Tell whether there is a value for each name, and each is one that its type has."""
    return values.keys() == dict(kinds).keys() and all(0 <= values[name] < 1 << width(kind) for name, kind in kinds)
