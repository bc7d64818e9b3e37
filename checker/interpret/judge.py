"""Formulas judged on concrete maps and layouts: are the assumptions kept, is the property broken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from checker.interpret.evaluate import Environment, Values, Wrapped, evaluate
from checker.interpret.execute import Chooser, Layout, lowest, run
from checker.language import program as p
from checker.language.types import Type


@dataclass(frozen=True)
class World:
    """A scenario with values: its maps, its scalars and, by run, the layouts."""

    maps: Mapping[str, tuple[Values, ...]]
    scalars: Mapping[str, int]
    layouts: Mapping[str, Layout]

    def regions(self, name: str) -> tuple[Values, ...]:
        """The regions of a map, or of a layout as the algorithm left them."""
        if name in self.layouts:
            return self.layouts[name].regions
        return tuple({**region, **dict.fromkeys(p.MARKS, 0)} for region in self.maps[name])


@dataclass(frozen=True)
class Shown:
    """A value inside an explanation, with the type that says how to print it."""

    type: Type
    value: int


@dataclass(frozen=True)
class RegionShown:
    """A region inside an explanation: its index in the map."""

    index: int


@dataclass(frozen=True)
class Violation:
    """One instance of a formula that does not hold: the conjunct, the regions it is about, and why in one sentence."""

    rule: str
    regions: tuple[int, ...]
    explanation: tuple[str | Shown | RegionShown, ...]


def realise(
    scenario: p.Scenario,
    maps: Mapping[str, tuple[Values, ...]],
    scalars: Mapping[str, int],
    chooser: Mapping[str, Chooser] | None = None,
) -> World:
    """Run everything that the scenario runs, on the given maps and scalars; ``chooser`` is by run."""
    layouts: dict[str, Layout] = {}
    for step in scenario.runs:
        names = [name for name, _, _ in step.algorithm.parameters]
        wrapped: list[Wrapped] = []
        env = Environment(scalars, on_wrap=wrapped.append)
        values = [evaluate(argument, env) for argument in step.arguments]
        choose = (chooser or {}).get(step.name, lowest)
        made = run(step.algorithm, maps[step.map], dict(zip(names, values, strict=True)), choose)
        layouts[step.name] = replace(made, wrapped=(*wrapped, *made.wrapped))
    return World(maps, scalars, layouts)


def violation(check: p.Check, world: World) -> Violation | None:
    """The first instance of the check's goal that fails in ``world``, if any."""
    if isinstance(check.goal, p.ExactArithmetic):
        wrapped = world.layouts[check.goal.run].wrapped
        if not wrapped:
            return None
        first = wrapped[0]
        text = f"line {first.span.line}: `{first.span.text}` is {first.exact:#x}, which does not fit"
        return Violation(check.label, (), (text,))
    return next(violations(check.goal, world), None)


def holds(formulas: p.Formulas, world: World) -> bool:
    """Whether every conjunct holds in ``world``."""
    return next(violations(formulas, world), None) is None


def violations(formulas: p.Formulas, world: World) -> Iterator[Violation]:
    """Every instance of every conjunct that fails."""
    for conjunct in formulas:
        yield from _failures(conjunct, world)


def instances(formula: p.ForRegion | p.ForPair, world: World) -> Iterator[tuple[Environment, tuple[int, ...]]]:
    """Every choice of regions that the quantifier ranges over and whose ``where`` holds."""
    regions = world.regions(formula.regions.name)
    chosen = [
        index
        for index, region in enumerate(regions)
        if evaluate(formula.regions.where, _exactly(world, {formula.regions.variable: region}))
    ]
    for indices in _tuples(formula, chosen):
        names = (formula.variable,) if isinstance(formula, p.ForRegion) else (formula.first, formula.second)
        env = _exactly(world, {name: regions[index] for name, index in zip(names, indices, strict=True)})
        if evaluate(formula.where, env):
            yield env, indices


def _tuples(formula: p.ForRegion | p.ForPair, chosen: list[int]) -> Iterator[tuple[int, ...]]:
    if isinstance(formula, p.ForRegion):
        yield from ((index,) for index in chosen)
    elif formula.order is p.Order.NEXT:
        yield from pairwise(chosen)
    else:
        both = formula.order is p.Order.ANY
        yield from ((a, b) for a in chosen for b in chosen if a < b or (both and b < a))


def _exactly(world: World, regions: Mapping[str, Values]) -> Environment:
    return Environment(world.scalars, regions, exact=True)


def _failures(conjunct: p.Conjunct, world: World) -> Iterator[Violation]:
    formula = conjunct.formula
    match formula:
        case p.Plain(condition=condition):
            if not evaluate(condition, _exactly(world, {})):
                yield Violation(conjunct.rule, (), (f"`{formula.span.text}` does not hold",))
        case p.TotalAtMost():
            total = 0
            for region in world.regions(formula.regions.name):
                env = _exactly(world, {formula.variable: region})
                if evaluate(formula.where, env):
                    total += evaluate(formula.amount, env)
            if total > formula.bound:
                shown = (Shown(formula.amount.type, total), Shown(formula.amount.type, formula.bound))
                yield Violation(conjunct.rule, (), ("the total is ", shown[0], ", the bound ", shown[1]))
        case p.ForRegion() | p.ForPair():
            for env, indices in instances(formula, world):
                if not evaluate(formula.body, env):
                    yield Violation(conjunct.rule, indices, _explain(formula, env, indices))


def _explain(
    formula: p.ForRegion | p.ForPair, env: Environment, indices: tuple[int, ...]
) -> tuple[str | Shown | RegionShown, ...]:
    names = (formula.variable,) if isinstance(formula, p.ForRegion) else (formula.first, formula.second)
    index_of = dict(zip(names, indices, strict=True))
    if formula.message is None:
        regions = [part for index in indices for part in (RegionShown(index), ", ")][:-1]
        return (*regions, f": `{_flat(formula.span.text)}` does not hold")
    parts: list[str | Shown | RegionShown] = []
    for text, value in zip(formula.message.texts, (*formula.message.values, None), strict=True):
        parts.append(text)
        if isinstance(value, str):
            parts.append(RegionShown(index_of[value]))
        elif value is not None:
            parts.append(Shown(value.type, evaluate(value, env)))
    return tuple(parts)


def _flat(text: str) -> str:
    return " ".join(text.split())
