"""The scenario's inputs as variables, and its assumptions as constraints on them.

Assumptions enter a proof only for the regions that it looks at: the witnesses, and the one anonymous region whose turn
it is. Every assumption is universal (for each region, for each pair), or a bound on a sum of amounts that are not
negative, so its instances follow from it; what is left out only makes the proof harder, never unsound.

Where several maps are given, their regions are rows of one table, each row a region of one or more of the maps
(`PRESENT`, by map). Two maps that are alike but for some regions are two such columns: rows for which the difference
is not allowed are in both or in neither, with the same fields. A region in which they differ is two rows. An assumption
about a map speaks of the rows that are present in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import z3

from checker import program as p
from checker.program.walk import expressions
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import (
    FALSE,
    TRUE,
    Environment,
    Region,
    Value,
    conj,
    disj,
    encode,
    neg,
    select,
    variable,
)
from checker.prove.terms.numbers import Num, Term

PRESENT = "is present"
"""The key, in a region's fields, of whether the region is in the map or layout at all. No field can have this name."""


@dataclass(frozen=True)
class Inputs:
    """All that a scenario is given, and a set of assumptions about it."""

    scenario: p.Scenario
    assumptions: p.Formulas
    scalars: Mapping[str, Value]
    facts: tuple[Term, ...]
    """Constraints on the scalars."""

    @property
    def record(self) -> p.Record:
        """The record that tells what is known of a region, in every map."""
        return self.scenario.maps[0].record


@dataclass(frozen=True)
class Row:
    """A region as the maps give it: its fields, and in which maps it is."""

    fields: Mapping[str, Value]
    present: Mapping[str, Term]

    def of(self, name: str) -> dict[str, Value]:
        """The region as the map ``name`` has it."""
        return {**self.fields, PRESENT: self.present[name]}


def inputs(scenario: p.Scenario, assumptions: p.Formulas) -> Inputs:
    """The scenario's scalars as variables."""
    scalars: dict[str, Value] = {}
    facts: list[Term] = []
    for given in scenario.scalars:
        scalars[given.name], legal = variable(f"given.{given.name}", given.type)
        facts.append(legal)
    for conjunct in assumptions:
        if isinstance(conjunct.formula, p.Plain):
            facts.append(encode(conjunct.formula.condition, Environment(scalars, exact=True)))
    return Inputs(scenario, assumptions, scalars, tuple(facts))


def unmarked(record: p.Record) -> dict[str, Value]:
    """The marks of a region that no algorithm has seen."""
    return dict.fromkeys((*p.MARKS, *record.marks), FALSE)


def fields_of(name: str, given: Inputs) -> tuple[dict[str, Value], list[Term]]:
    """The fields of a region of a map as variables, with the ranges of their types."""
    fields: dict[str, Value] = unmarked(given.record)
    facts: list[Term] = []
    scales = _scales(given)
    for field, kind in given.record.inputs:
        fields[field], legal = variable(f"{name}.{field}", kind, scales.get(field, 1))
        facts.append(legal)
    return fields, facts


def row(name: str, given: Inputs) -> tuple[Row, list[Term]]:
    """A region of the given maps as variables, with every constraint and assumption about one region."""
    fields, facts = fields_of(name, given)
    maps = given.scenario.maps
    if len(maps) == 1:
        present = {maps[0].name: TRUE}
    else:
        present = {each.name: z3.Bool(f"{name} in {each.name}") for each in maps}
        facts.append(disj(*present.values()))
    for each in maps:
        if each.like is not None:
            both = present[each.name] == present[each.like.map]
            facts.append(disj(may_differ(each.like, fields, given), both))
    made = Row(fields, present)
    for each in maps:
        facts += alone(made.of(each.name), each.name, given)
    return made, facts


def may_differ(like: p.Likeness, fields: Region, given: Inputs) -> Term:
    """Tell whether a region is one of those in which two maps may differ."""
    return encode(like.where, Environment(given.scalars, {like.variable: fields}, exact=True))


def alone(region: Region, name: str, given: Inputs) -> list[Term]:
    """Every assumption about single regions of the map ``name``, for this region."""
    formulas = (f for f in _about(name, given) if isinstance(f, p.ForAll) and f.arity == 1)
    return [instance(formula, (region,), given.scalars) for formula in formulas]


def pair(first: Row, second: Row, given: Inputs, *, ordered: bool = True) -> list[Term]:
    """Every assumption about pairs, for two regions of which ``first`` stands before ``second`` in the maps.

    Assumptions about neighbours are left out: these two may not be neighbours. Where the order is not known
    (``ordered`` false) those about order are left out too.
    """
    return [
        term
        for each in given.scenario.maps
        for term in together(first.of(each.name), second.of(each.name), each.name, given, ordered=ordered)
    ]


def together(first: Region, second: Region, name: str, given: Inputs, *, ordered: bool = True) -> list[Term]:
    """Every assumption about pairs of regions of the map ``name``, for these two of it."""
    terms = []
    for formula in _about(name, given):
        if not isinstance(formula, p.ForAll) or formula.arity != 2:
            continue
        if formula.relation is p.Relation.ANY or (formula.relation is p.Relation.BEFORE and ordered):
            terms.append(instance(formula, (first, second), given.scalars))
        if formula.relation is p.Relation.ANY:
            terms.append(instance(formula, (second, first), given.scalars))
    return terms


def totals(given: Inputs) -> tuple[p.TotalAtMost, ...]:
    """The bounds on totals over maps that hold for every part of the map as well."""
    return tuple(
        formula
        for each in given.scenario.maps
        for formula in _about(each.name, given)
        if isinstance(formula, p.TotalAtMost) and of_parts(formula)
    )


def of_parts(total: p.TotalAtMost) -> bool:
    """Tell whether a bound on a total holds for every part of the list as well, which is what a proof uses: no amount
    can be negative. Amounts are exact, so they can be only where something is subtracted."""
    return not _subtracts(total.amount)


def at_most(total: p.TotalAtMost, regions: Sequence[Region], given: Inputs) -> Term:
    """That these regions of the total's list stay below its bound."""
    amounts = [amount(total, region, given) for region in regions]
    return n.compare(p.Rel.LE, reduce(n.add, amounts, n.const(0)), n.const(total.bound))


def amount(total: p.TotalAtMost, region: Region, given: Inputs) -> Num:
    """Return what a region of the total's list adds to it."""
    env = Environment(given.scalars, {total.variable: region}, exact=True)
    value = encode(total.amount, env)
    assert isinstance(value, Num)
    chosen = select(conj(region[PRESENT], encode(total.where, env)), value, n.const(0))
    assert isinstance(chosen, Num)
    return chosen


def instance(formula: p.ForAll, regions: Sequence[Region], scalars: Mapping[str, Value]) -> Term:
    """Return what a quantified formula says of these regions."""
    applies, body = parts(formula, regions, scalars)
    return disj(neg(applies), body)


def parts(formula: p.ForAll, regions: Sequence[Region], scalars: Mapping[str, Value]) -> tuple[Term, Term]:
    """When a quantified formula applies to these regions, and what it then says of them.

    For `p.Relation.SAME` these are one region as the two lists have it: it applies to those of the first list, and says
    that they are in the second one too.
    """
    env = Environment(scalars, dict(zip(formula.variables, regions, strict=True)), exact=True)
    where, body = encode(formula.where, env), encode(formula.body, env)
    if not formula.within:
        first, second = regions
        return conj(member(formula.regions, first, scalars), where), conj(member(formula.others, second, scalars), body)
    return conj(*(member(formula.regions, region, scalars) for region in regions), where), body


def member(regions: p.Regions, region: Region, scalars: Mapping[str, Value]) -> Term:
    """Tell whether a region is among those that a quantifier ranges over."""
    chosen = encode(regions.where, Environment(scalars, {regions.variable: region}, exact=True))
    return conj(region[PRESENT], chosen)


def _about(name: str, given: Inputs) -> Iterator[p.ForAll | p.TotalAtMost]:
    """The assumptions about the map ``name`` alone."""
    for conjunct in given.assumptions:
        formula = conjunct.formula
        if isinstance(formula, p.ForAll | p.TotalAtMost) and formula.lists == (name,):
            yield formula


def _subtracts(expr: p.Expr) -> bool:
    """Tell whether there is an exact difference anywhere in an expression, be it only in what decides its value."""
    exact = (node for node in expressions(expr) if isinstance(node, p.Arith) and not node.wraps)
    return any(node.op is p.Op.SUB for node in exact)


def _scales(given: Inputs) -> dict[str, int]:
    """The powers of two that, by assumption, divide a field of every region: it must be assumed of every map."""
    by_map = [_scales_in(each.name, given) for each in given.scenario.maps]
    common = set.intersection(*(set(scales) for scales in by_map))
    return {field: min(scales[field] for scales in by_map) for field in common}


def _scales_in(name: str, given: Inputs) -> dict[str, int]:
    scales: dict[str, int] = {}
    for formula in _about(name, given):
        if not isinstance(formula, p.ForAll) or formula.arity != 1:
            continue
        if _always(formula.where) and _always(formula.regions.where):
            for conjunct in _conjuncts(formula.body):
                match conjunct:
                    case p.Compare(
                        rel=p.Rel.EQ,
                        left=p.Arith(op=p.Op.MOD, left=p.Field(region=about, name=field), right=p.Const(value=modulus)),
                        right=p.Const(value=0),
                    ) if about == formula.variables[0] and modulus & (modulus - 1) == 0:
                        scales[field] = max(scales.get(field, 1), modulus)
                    case _:
                        pass
    return scales


def _always(expr: p.Expr) -> bool:
    return isinstance(expr, p.Const) and expr.value == 1


def _conjuncts(expr: p.Expr) -> Iterator[p.Expr]:
    if isinstance(expr, p.Logic) and expr.junction is p.Junction.AND:
        yield from _conjuncts(expr.left)
        yield from _conjuncts(expr.right)
    else:
        yield expr
