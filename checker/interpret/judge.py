"""Formulas judged on concrete maps and layouts: are the assumptions kept, is the property broken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise, permutations, product
from typing import assert_never

from checker import program as p
from checker.base.values import frozen
from checker.interpret.evaluate import Environment, Values, in_formula
from checker.interpret.indices import all_chosen
from checker.interpret.indices import chosen as numbers_chosen
from checker.interpret.world import World
from checker.program.lower import too_many_rounds
from checker.program.records import Identity
from checker.program.types import U64, Type


@frozen
class ShownValue:
    """A value inside an explanation, with the type that says how to print it."""

    type: Type
    value: int


@frozen
class ShownRegion:
    """A region inside an explanation: its identity."""

    identity: Identity


@frozen
class Violation:
    """One instance of a formula that does not hold: the rule, the regions of maps, and why in one sentence."""

    rule: str
    regions: tuple[Identity, ...]
    explanation: tuple[str | ShownValue | ShownRegion, ...]
    entries: tuple[Identity, ...] = ()
    """The entries of lists beside the map that it is about."""


def violation(check: p.Check, world: World) -> Violation | None:
    """The first instance of the check's goal that fails in ``world``, if any."""
    if isinstance(check.goal, p.ExactArithmetic):
        wrapped = world.layouts[check.goal.run].wrapped
        if not wrapped:
            return None
        first = wrapped[0]
        file = first.span.source.name
        place = f"line {first.span.line}" if file == check.span.source.name else f"{file}, line {first.span.line}"
        text = f"{place}: `{first.span.short}` is {first.exact:#x}, which does not fit"
        if too_many_rounds(first.span):
            text = f"{place}: the condition of `while` still holds after the last round"
        return Violation(check.label, (), (text,))
    return next(violations(check.goal, world), None)


def holds(formulas: p.Formulas, world: World) -> bool:
    """Tell whether every conjunct holds in ``world``."""
    return next(violations(formulas, world), None) is None


def violations(formulas: p.Formulas, world: World) -> Iterator[Violation]:
    """Every instance of every conjunct that fails."""
    for conjunct in formulas:
        yield from _failures(conjunct, world)


@frozen
class Instance:
    """Regions that a quantifier ranges over, and numbers: the regions' identities, what its body can see, and whether
    all of them exist.

    Only the counterpart of a region in another list can be missing, and then the formula does not hold.
    """

    identities: tuple[Identity, ...]
    env: Environment
    complete: bool


def instances(formula: p.ForAll, world: World) -> Iterator[Instance]:
    """Every choice of regions that the quantifier ranges over, with every choice of numbers, whose ``where`` holds; of
    numbers some, if they are too many."""
    return (_instance(formula, regions, env) for regions, env in _chosen_together(formula, world))


def _instance(formula: p.ForAll, regions: Sequence[_Perhaps], env: Environment) -> Instance:
    identities = tuple(dict.fromkeys(number for number, _ in regions))
    return Instance(identities, env, len(env.regions) == len(formula.binders))


def _chosen_together(formula: p.ForAll, world: World) -> Iterator[tuple[Sequence[_Perhaps], Environment]]:
    """The same, as it is looked at by the thousand: the regions, and what can be seen of them."""
    chosen = in_formula(formula.where)
    if not formula.indices:
        yield from (each for each in _bound(formula, world) if chosen(each[1]))
        return
    numbered = numbers_chosen(formula.indices, world.indices, world.most)
    for regions, bound in _bound(formula, world):
        for env in numbered(bound):
            if chosen(env):
                yield regions, env


def every_number(formula: p.ForAll, world: World) -> bool:
    """Tell whether `instances` has every choice of numbers."""
    return all(all_chosen(formula.indices, bound, world.most) for _, bound in _bound(formula, world))


def _bound(formula: p.ForAll, world: World) -> Iterator[tuple[Sequence[_Perhaps], Environment]]:
    """Every choice of regions, with what can be seen of those that exist."""
    known, variables = world.known, formula.variables
    for regions in _tuples(formula, world):
        # Only the last one may be missing.
        there = {name: each[1] for name, each in zip(variables, regions, strict=True) if each[1] is not None}
        yield regions, Environment(known, there)


_Known = tuple[Identity, Values]
_Perhaps = tuple[Identity, Values | None]


def _tuples(formula: p.ForAll, world: World) -> Iterator[Sequence[_Perhaps]]:
    chosen = _chosen(formula.regions, world)
    match formula.relation:
        case p.Relation.ANY:
            yield from permutations(chosen, formula.bound)
        case p.Relation.BEFORE:
            yield from combinations(chosen, formula.bound)
        case p.Relation.NEXT:
            yield from pairwise(chosen)
        case p.Relation.SAME:
            others = _chosen(formula.others, world)
            by_origin: dict[int, list[_Known]] = {}
            for other in others:
                by_origin.setdefault(other[0].origin, []).append(other)
            for region in chosen:
                same = [each for each in by_origin.get(region[0].origin, ()) if _is_same(region[0], each[0])]
                yield from ((region, each) for each in same or ((region[0], None),))
        case p.Relation.ACROSS:
            yield from product(chosen, _chosen(formula.others, world))
        case _:
            assert_never(formula.relation)


def _is_same(one: Identity, other: Identity) -> bool:
    """Tell whether two lists speak of one region: it may be split in one of them."""
    return one.is_part_of(other) or other.is_part_of(one)


def _chosen(regions: p.Regions, world: World) -> Sequence[_Known]:
    if isinstance(regions.where, p.Const) and regions.where.value:
        return world.regions(regions.name)
    chosen = in_formula(regions.where)
    return [
        (number, fields)
        for number, fields in world.regions(regions.name)
        if chosen(Environment(world.known, {regions.variable: fields}))
    ]


def _failures(conjunct: p.Conjunct, world: World) -> Iterator[Violation]:
    formula = conjunct.formula
    match formula:
        case p.Plain(condition=condition):
            env = Environment(world.known)
            if not in_formula(condition)(env):
                why = _failing(condition, env) if formula.lists else ()
                yield Violation(conjunct.rule, (), (f"`{formula.span.short}` does not hold", *why))
        case p.TotalAtMost():
            total = sum_of(formula, world)
            if total > formula.bound:
                shown = (ShownValue(formula.amount.type, total), ShownValue(formula.amount.type, formula.bound))
                yield Violation(conjunct.rule, (), ("the total is ", shown[0], ", the bound ", shown[1]))
        case p.TotalsAtMost():
            sums = [(each, sum_of(each, world)) for each in formula.totals]
            if sum(each.factor * found for each, found in sums) > formula.bound:
                told = (piece for each, found in sums for piece in (", ", *_told(each, found)))
                yield Violation(conjunct.rule, (), (f"`{formula.span.short}` does not hold", *told))
        case p.ForAll():
            body, count = in_formula(formula.body), len(formula.binders)
            for together, env in _chosen_together(formula, world):
                complete = len(env.regions) == count
                if complete and body(env):
                    continue
                found = _instance(formula, together, env)
                if not complete:
                    assert formula.relation is p.Relation.SAME
                    text = f" is in {formula.regions.name}, but not in {formula.others.name}"
                    yield Violation(conjunct.rule, found.identities, (ShownRegion(found.identities[0]), text))
                    continue
                regions, entries = (
                    tuple(each for each in found.identities if bool(each.beside) is beside) for beside in (False, True)
                )
                yield Violation(conjunct.rule, regions, _explain(formula, found, world), entries)
        case _:
            assert_never(formula)


def sum_of(total: p.Total | p.TotalAtMost, world: World) -> int:
    """The exact sum of what the regions of a list add to a total."""
    return sum(amount for _, amount in counted(total, world))


def counted(total: p.Total | p.TotalAtMost, world: World) -> Iterator[tuple[Identity, int]]:
    """The regions that count in a total, each with what it adds."""
    counts, amount = in_formula(total.where), in_formula(total.amount)
    for identity, region in world.regions(total.regions.name):
        env = Environment(world.scalars, {total.variable: region})
        if counts(env):
            yield identity, amount(env)


def _told(total: p.Total, found: int) -> Iterator[str | ShownValue]:
    """The value of a total, in words."""
    yield f"the {'count' if total.amount == p.Const(U64, 1) else 'total'} of {total.regions.name} is "
    yield ShownValue(total.amount.type, found)


def _explain(formula: p.ForAll, found: Instance, world: World) -> tuple[str | ShownValue | ShownRegion, ...]:
    if formula.message is None:
        regions: list[str | ShownValue | ShownRegion] = []
        for number in found.identities:
            regions += [", ", ShownRegion(number)] if regions else [ShownRegion(number)]
        for index in formula.indices:
            regions += [f", {index.name} = ", ShownValue(index.type, found.env.scalars[index.variable.name])]
        return (*regions, f": `{formula.span.short}` does not hold", *_failing(formula.body, found.env))
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
            parts.append(ShownValue(value.type, in_formula(value)(found.env)))
    return tuple(parts)


def _failing(body: p.Expr, env: Environment) -> Iterator[str | ShownValue]:
    """The values of the part of a condition by which it fails, as far as that is one comparison or one truth value."""
    match body:
        case p.Logic(junction=p.Junction.AND, left=left, right=right):
            yield from _failing(right if in_formula(left)(env) else left, env)
        case p.Logic(junction=p.Junction.IMPLIES, right=right):
            yield from _failing(right, env)
        case p.IfElse(condition=condition, then=then, otherwise=otherwise):
            yield from _failing(then if in_formula(condition)(env) else otherwise, env)
        case p.Compare(rel=rel, left=left, right=right):
            yield from (": ", ShownValue(left.type, in_formula(left)(env)), f" {rel} ")
            yield from (ShownValue(right.type, in_formula(right)(env)), " is not so")
        case p.Field(region=region, name=name):
            yield f": {region}.{name} is false"
        case p.Not(operand=p.Field(region=region, name=name)):
            yield f": {region}.{name} is true"
        case _:
            return


def _nowhere(field: p.Field, formula: p.ForAll, found: Instance, world: World) -> bool:
    """Tell whether a field is where a run put a region that it did not put anywhere."""
    there = formula.others if field.region == formula.variables[-1] else formula.regions
    record = world.records[there.name]
    made = there.name in world.layouts and field.name in record.placements
    return made and not found.env.regions[field.region][record.placed(field.name)]
