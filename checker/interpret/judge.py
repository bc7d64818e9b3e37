"""Formulas judged on concrete maps and layouts: are the assumptions kept, is the property broken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, permutations
from typing import assert_never

from checker import program as p
from checker.interpret.evaluate import Environment, Values, evaluate
from checker.interpret.world import World
from checker.program.records import Identity
from checker.program.types import Type


@dataclass(frozen=True)
class ShownValue:
    """A value inside an explanation, with the type that says how to print it."""

    type: Type
    value: int


@dataclass(frozen=True)
class ShownRegion:
    """A region inside an explanation: its identity."""

    identity: Identity


@dataclass(frozen=True)
class Violation:
    """One instance of a formula that does not hold: the rule, the regions, and why in one sentence."""

    rule: str
    regions: tuple[Identity, ...]
    explanation: tuple[str | ShownValue | ShownRegion, ...]


def violation(check: p.Check, world: World) -> Violation | None:
    """The first instance of the check's goal that fails in ``world``, if any."""
    if isinstance(check.goal, p.ExactArithmetic):
        wrapped = world.layouts[check.goal.run].wrapped
        if not wrapped:
            return None
        first = wrapped[0]
        text = f"line {first.span.line}: `{first.span.short}` is {first.exact:#x}, which does not fit"
        return Violation(check.label, (), (text,))
    return next(violations(check.goal, world), None)


def holds(formulas: p.Formulas, world: World) -> bool:
    """Tell whether every conjunct holds in ``world``."""
    return next(violations(formulas, world), None) is None


def violations(formulas: p.Formulas, world: World) -> Iterator[Violation]:
    """Every instance of every conjunct that fails."""
    for conjunct in formulas:
        yield from _failures(conjunct, world)


@dataclass(frozen=True)
class Instance:
    """Regions that a quantifier ranges over: their identities, what its body can see, and whether all of them exist.

    Only the counterpart of a region in another list can be missing, and then the formula does not hold.
    """

    identities: tuple[Identity, ...]
    env: Environment
    complete: bool


def instances(formula: p.ForAll, world: World) -> Iterator[Instance]:
    """Every choice of regions that the quantifier ranges over and whose ``where`` holds."""
    for regions in _tuples(formula, world):
        there = [(number, fields) for number, fields in regions if fields is not None]
        env = _exactly(world, {name: fields for name, (_, fields) in zip(formula.variables, there, strict=False)})
        if evaluate(formula.where, env):
            numbers = tuple(dict.fromkeys(number for number, _ in regions))
            yield Instance(numbers, env, len(there) == len(regions))


_Known = tuple[Identity, Values]
_Perhaps = tuple[Identity, Values | None]


def _tuples(formula: p.ForAll, world: World) -> Iterator[Sequence[_Perhaps]]:
    chosen = _chosen(formula.regions, world)
    match formula.relation:
        case p.Relation.ANY:
            yield from permutations(chosen, formula.arity)
        case p.Relation.BEFORE:
            yield from combinations(chosen, formula.arity)
        case p.Relation.NEXT:
            yield from pairwise(chosen)
        case p.Relation.SAME:
            others = dict(_chosen(formula.others, world))
            yield from ((region, (region[0], others.get(region[0]))) for region in chosen)
        case _:
            assert_never(formula.relation)


def _chosen(regions: p.Regions, world: World) -> list[_Known]:
    return [
        (number, fields)
        for number, fields in world.regions(regions.name)
        if evaluate(regions.where, _exactly(world, {regions.variable: fields}))
    ]


def _exactly(world: World, regions: Mapping[str, Values]) -> Environment:
    return Environment(world.scalars, regions, exact=True)


def _failures(conjunct: p.Conjunct, world: World) -> Iterator[Violation]:
    formula = conjunct.formula
    match formula:
        case p.Plain(condition=condition):
            if not evaluate(condition, _exactly(world, {})):
                yield Violation(conjunct.rule, (), (f"`{formula.span.short}` does not hold",))
        case p.TotalAtMost():
            total = 0
            for _, region in world.regions(formula.regions.name):
                env = _exactly(world, {formula.variable: region})
                if evaluate(formula.where, env):
                    total += evaluate(formula.amount, env)
            if total > formula.bound:
                shown = (ShownValue(formula.amount.type, total), ShownValue(formula.amount.type, formula.bound))
                yield Violation(conjunct.rule, (), ("the total is ", shown[0], ", the bound ", shown[1]))
        case p.ForAll():
            for found in instances(formula, world):
                if not found.complete:
                    assert not formula.within
                    text = f" is in {formula.regions.name}, but not in {formula.others.name}"
                    yield Violation(conjunct.rule, found.identities, (ShownRegion(found.identities[0]), text))
                elif not evaluate(formula.body, found.env):
                    yield Violation(conjunct.rule, found.identities, _explain(formula, found, world))
        case _:
            assert_never(formula)


def _explain(formula: p.ForAll, found: Instance, world: World) -> tuple[str | ShownValue | ShownRegion, ...]:
    if formula.message is None:
        regions = [part for number in found.identities for part in (ShownRegion(number), ", ")][:-1]
        return (*regions, f": `{formula.span.short}` does not hold")
    numbers = found.identities if len(found.identities) > 1 else found.identities * 2
    number_of = dict(zip(formula.variables, numbers, strict=False))
    parts: list[str | ShownValue | ShownRegion] = []
    for text, value in zip(formula.message.texts, (*formula.message.values, None), strict=True):
        parts.append(text)
        if isinstance(value, str):
            parts.append(ShownRegion(number_of[value]))
        elif isinstance(value, p.Field) and _nowhere(value, formula, found, world):
            parts.append("no address")
        elif value is not None:
            parts.append(ShownValue(value.type, evaluate(value, found.env)))
    return tuple(parts)


def _nowhere(field: p.Field, formula: p.ForAll, found: Instance, world: World) -> bool:
    """Tell whether a field is where a run put a region that it did not put anywhere."""
    there = formula.others if field.region == formula.variables[-1] else formula.regions
    made = there.name in world.layouts and world.records[there.name].placement == field.name
    return made and not found.env.regions[field.region][p.PLACED]
