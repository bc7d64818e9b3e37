"""The properties of a scenario, evaluated on one map by the interpreter: no proof, and true of this map only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import islice
from types import MappingProxyType

from checker import program as p
from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic
from checker.base.values import frozen
from checker.interpret import Violation, World, every_number, realise, violation, violations
from checker.layouts.entries import GivenFile, given_lists
from checker.layouts.lay_out import regions_of, upside_down, value_of
from checker.library import Program
from checker.memmap import Limits, MemoryMap
from checker.memmap.limits import STANDARD, beyond
from checker.program.valuation import MAX_GENERATIONS, Valuation
from checker.program.walk import statements

_SHOWN = 3
"""The most regions that are named for an assumption that a map does not keep."""

_NUMBERS = 1_000_000
"""The most numbers that are looked at for all regions together, where a check is about each of many (pages, say)."""

_NUMBERED = 128
"""The least of them that are looked at for each pair of regions."""


class Judgement(StrEnum):
    """Outcomes of a check on one map."""

    HOLDS = "holds"
    BROKEN = "broken"
    UNDECIDED = "undecided"


@frozen
class NotKept:
    """An assumption that the map does not keep, with the first of its violations."""

    rule: str
    origin: str | None
    violations: tuple[Violation, ...]


@frozen
class Judged:
    """A check on the map. ``world`` is what was run where ``broken`` shows that it does not hold, ``reason`` says what
    was left open where it is undecided, and ``not_kept`` are the rules that it assumes and the map does not keep."""

    check: p.Check
    judgement: Judgement
    world: World
    broken: Violation | None = None
    reason: str = ""
    not_kept: tuple[str, ...] = ()


@frozen
class JudgedScenario:
    """A scenario on the map."""

    scenario: p.Scenario
    not_kept: tuple[NotKept, ...]
    checks: tuple[Judged, ...]


def judge(
    program: Program,
    wanted: str,
    memory_map: MemoryMap,
    settings: Mapping[str, str],
    limits: Limits = STANDARD,
    lists: Mapping[str, GivenFile] = MappingProxyType({}),
) -> tuple[JudgedScenario, ...] | Diagnostic:
    """Evaluate the checks of the scenario that is ``wanted``, or of all that are about maps if none is."""
    scenarios = [each for each in program.program.scenarios if wanted.replace("-", "_") in ("", each.name)]
    if not scenarios:
        known = ", ".join(each.name for each in program.program.scenarios) or "none"
        message = f"{program.name} has no scenario `{wanted}`" if wanted else f"{program.name} has no scenario"
        return Diagnostic(CommandCode.NOTHING_TO_CHECK, message, help=f"the scenarios of the file: {known}")
    scalars = {given.name for each in scenarios for given in each.scalars}
    for name in settings:
        if name not in scalars:
            listing = f"given are {', '.join(sorted(scalars))}" if scalars else "nothing is given beside maps"
            return Diagnostic(CommandCode.WRONG_VALUE, f"{program.name} is given no `{name}`", help=listing)
    judged: list[JudgedScenario] = []
    refused: Diagnostic | None = None
    pairs = 0
    for scenario in scenarios:
        values = _values(scenario, memory_map, settings)
        values = values if isinstance(values, Diagnostic) else _with_lists(scenario, values, lists, limits)
        if isinstance(values, Diagnostic):
            # A file may have scenarios about something else than maps beside those that are asked for.
            if values.code != CommandCode.FOREIGN_FIELD or wanted:
                return values
            refused = values
            continue
        pairs += len(memory_map.descriptors) ** 2 * _compared(scenario)
        if pairs > limits.steps:
            return beyond(limits, "steps", memory_map.source)
        judged.append(_scenario(scenario, values))
    return tuple(judged) if judged or refused is None else refused


def _values(scenario: p.Scenario, memory_map: MemoryMap, settings: Mapping[str, str]) -> Valuation | Diagnostic:
    """The map for every map that is given, and the values of the settings for the scalars."""
    maps = {}
    for given in scenario.maps:
        regions = regions_of(given.record, memory_map.descriptors, told=True)
        if isinstance(regions, Diagnostic):
            return regions
        maps[given.name] = tuple(regions)
    scalars = {}
    for each in scenario.scalars:
        if each.name not in settings:
            message = f"scenario `{scenario.name}` needs a value for `{each.name}`"
            return Diagnostic(
                CommandCode.MISSING_VALUE,
                message,
                help=f"--set {each.name}=VALUE, or name another scenario: MODEL:scenario",
            )
        value = value_of(each.type, settings[each.name])
        if isinstance(value, Diagnostic):
            return value
        scalars[each.name] = value
    return upside_down(scalars) or Valuation(maps, scalars)


def _with_lists(
    scenario: p.Scenario, values: Valuation, lists: Mapping[str, GivenFile], limits: Limits
) -> Valuation | Diagnostic:
    """The values with the lists that the scenario is given beside the map."""
    wanted = {each.name: each.record for each in scenario.beside}
    found = given_lists(wanted, lists, f"scenario `{scenario.name}`", limits)
    return found if isinstance(found, Diagnostic) else replace(values, beside=found)


def _compared(scenario: p.Scenario) -> int:
    """Count the formulas that are evaluated for each region with each."""
    goals = {each for check in scenario.checks if isinstance(check.goal, tuple) for each in check.goal}
    formulas = {each.formula for each in (*goals, *(each for check in scenario.checks for each in check.assumptions))}
    far = (p.Relation.ANY, p.Relation.BEFORE)
    quantified = (each for each in formulas if isinstance(each, p.ForAll) and each.relation in far)
    return sum(_NUMBERED if each.indices else 1 for each in quantified if each.arity > 1)


def _scenario(scenario: p.Scenario, values: Valuation) -> JudgedScenario:
    worlds = list(_worlds(scenario, values))
    kept: dict[p.Conjunct, NotKept | None] = {}
    for check in scenario.checks:
        for conjunct in check.assumptions:
            if conjunct not in kept:
                found = tuple(islice(violations((conjunct,), worlds[0]), _SHOWN))
                kept[conjunct] = NotKept(conjunct.rule, conjunct.origin, found) if found else None
    judged: dict[object, Judged] = {}
    for check in scenario.checks:
        if check.goal not in judged:
            missed = [each.rule for conjunct in check.assumptions if (each := kept[conjunct]) is not None]
            judged[check.goal] = _judge(scenario, check, worlds, tuple(dict.fromkeys(missed)))
    missing = {each.rule: each for each in kept.values() if each is not None}
    return JudgedScenario(scenario, tuple(missing.values()), tuple(judged.values()))


def _worlds(scenario: p.Scenario, values: Valuation) -> Iterator[World]:
    """The scenario as it runs on the map: with the lowest of all choices; with lists that travel in no order as they
    stand, and backwards; with hand-overs that are repeated made once, and more often."""
    rows = tuple(range(len(next(iter(values.maps.values())))))

    def realised(each: Valuation) -> World:
        world = realise(scenario, each)
        return replace(world, most=max(world.most, _NUMBERS // max(1, len(rows))))

    chained = [run.name for run in scenario.runs if run.chained]
    loose = [run.name for run in scenario.runs if _is_loose(run)]
    for times in range(1, MAX_GENERATIONS + 1 if chained else 2):
        generations = dict.fromkeys(chained, times)
        yield realised(replace(values, generations=generations))
        if loose:
            orders = dict.fromkeys(loose, rows[::-1])
            yield realised(replace(values, orders=orders, generations=generations))


def _judge(scenario: p.Scenario, check: p.Check, worlds: Sequence[World], missed: tuple[str, ...]) -> Judged:
    reasons = list(_left_open(scenario, check, worlds))
    possible = [world for world in worlds if all(layout.possible for layout in world.layouts.values())]
    for world in possible:
        broken = violation(check, world)
        # What was chosen may be why an assumption does not hold: then the check is not about this run.
        if broken is not None and not (missed and reasons):
            return Judged(check, Judgement.BROKEN, world, broken, not_kept=missed)
    reasons += _passed_over(check, possible)
    if len(possible) < len(worlds):
        reasons.append("there is nothing to choose from")
    judgement = Judgement.UNDECIDED if reasons else Judgement.HOLDS
    return Judged(check, judgement, worlds[0], reason="; ".join(reasons), not_kept=missed)


def _left_open(scenario: p.Scenario, check: p.Check, worlds: Sequence[World]) -> Iterator[str]:
    """Reasons why a check may turn out otherwise: values beside the map, of which only some were tried."""
    runs = {run.name: run for run in scenario.runs}
    goals = (check.goal,) if isinstance(check.goal, p.ExactArithmetic) else [each.formula for each in check.goal]
    beside = {each.name for each in scenario.beside}
    lists = [name for goal in goals for name in goal.lists if name not in beside]
    maps: dict[str, None] = {}
    behind: dict[str, p.Run] = {}
    for each in lists:
        name = each
        while name in runs:
            behind[name] = runs[name]
            name = runs[name].source
        maps[name] = None
    if len(maps) > 1:
        yield f"{' and '.join(f'`{name}`' for name in maps)} may differ; all were this map"
    for run in behind.values():
        for statement in statements(run.algorithm.body):
            if isinstance(statement, p.Choose):
                yield f"`{statement.name}` of {run.name} may have any value; the lowest was tried"
        if _is_loose(run):
            yield f"{run.name} may receive the regions in any order; two were tried"
        if run.chained and not _settles(run, worlds):
            yield f"{run.name} may be made any number of times; up to {MAX_GENERATIONS} were tried"


def _passed_over(check: p.Check, worlds: Sequence[World]) -> Iterator[str]:
    """Reasons why a check may not hold, though nothing was seen to break it: numbers that were not looked at."""
    for conjunct in () if isinstance(check.goal, p.ExactArithmetic) else check.goal:
        goal = conjunct.formula
        if isinstance(goal, p.ForAll) and not all(every_number(goal, world) for world in worlds):
            names = " and ".join(f"`{index.name}`" for index in goal.indices)
            yield f"{names} may be any of more numbers than can be looked at; some were tried"


def _is_loose(run: p.Run) -> bool:
    return run.handover is not None and run.handover.travel is p.Travel.ANYHOW


def _settles(run: p.Run, worlds: Sequence[World]) -> bool:
    """Tell whether the last hand-over made a layout that was there before: then no further one makes another."""
    *before, last = [world.layouts[run.name] for world in worlds]
    return any(
        (each.regions, each.identities, each.exported) == (last.regions, last.identities, last.exported)
        for each in before
    )
