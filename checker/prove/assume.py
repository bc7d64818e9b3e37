"""The scenario's inputs as variables, and its assumptions as constraints on them.

Assumptions enter a proof only for the regions that it looks at: the witnesses, and the one anonymous region whose
turn it is. Every assumption is universal (for each region, for each pair), or a bound on a sum of amounts that are not
negative, so its instances follow from it; what is left out only makes the proof harder, never unsound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from checker.language import program as p
from checker.prove import numbers as n
from checker.prove.encode import Environment, Region, Value, conj, disj, encode, neg, select, variable
from checker.prove.execute import unmarked
from checker.prove.numbers import Num, Term


@dataclass(frozen=True)
class Inputs:
    """What a scenario is given, and a set of assumptions about it."""

    scenario: p.Scenario
    assumptions: p.Formulas
    scalars: Mapping[str, Value]
    facts: tuple[Term, ...]
    """Constraints on the scalars."""

    @property
    def map(self) -> p.GivenMap:
        """The given map."""
        return self.scenario.maps[0]


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


def region(name: str, given: Inputs) -> tuple[dict[str, Value], list[Term]]:
    """A region of the given map as variables, with the ranges of their types and every assumption about one region."""
    fields: dict[str, Value] = unmarked()
    facts: list[Term] = []
    scales = _scales(given)
    for field, kind in given.map.record.fields:
        fields[field], legal = variable(f"{name}.{field}", kind, scales.get(field, 1))
        facts.append(legal)
    facts += alone(fields, given)
    return fields, facts


def alone(fields: Region, given: Inputs) -> list[Term]:
    """Every assumption about one region of the map, for this region."""
    terms = []
    for formula in _about_map(given):
        if isinstance(formula, p.ForRegion):
            terms.append(instance(formula, (fields,), given.scalars))
    return terms


def together(first: Region, second: Region, given: Inputs) -> list[Term]:
    """Every assumption about pairs, for two regions of which ``first`` stands before ``second`` in the map.

    Assumptions about neighbours are left out: these two may not be neighbours.
    """
    terms = []
    for formula in _about_map(given):
        if isinstance(formula, p.ForPair) and formula.order is not p.Order.NEXT:
            terms.append(instance(formula, (first, second), given.scalars))
            if formula.order is p.Order.ANY:
                terms.append(instance(formula, (second, first), given.scalars))
    return terms


def totals(given: Inputs) -> tuple[p.TotalAtMost, ...]:
    """The bounds on totals over the map whose amounts cannot be negative.

    Only such a bound holds for every part of the map as well, which is what a proof uses. Amounts are exact, so they
    can be negative only where something is subtracted.
    """
    return tuple(
        formula
        for formula in _about_map(given)
        if isinstance(formula, p.TotalAtMost) and not _subtracts(formula.amount)
    )


def amount(total: p.TotalAtMost, fields: Region, given: Inputs) -> Num:
    """What a region adds to a total."""
    env = Environment(given.scalars, {total.variable: fields}, exact=True)
    value = encode(total.amount, env)
    assert isinstance(value, Num)
    chosen = select(encode(total.where, env), value, n.const(0))
    assert isinstance(chosen, Num)
    return chosen


def instance(formula: p.ForRegion | p.ForPair, regions: Sequence[Region], scalars: Mapping[str, Value]) -> Term:
    """What a quantified formula says of these regions."""
    applies, body = parts(formula, regions, scalars)
    return disj(neg(applies), body)


def parts(
    formula: p.ForRegion | p.ForPair, regions: Sequence[Region], scalars: Mapping[str, Value]
) -> tuple[Term, Term]:
    """When a quantified formula applies to these regions, and what it then says of them."""
    names = (formula.variable,) if isinstance(formula, p.ForRegion) else (formula.first, formula.second)
    env = Environment(scalars, dict(zip(names, regions, strict=True)), exact=True)
    members = [member(formula.regions, r, scalars) for r in regions]
    return conj(*members, encode(formula.where, env)), encode(formula.body, env)


def member(regions: p.Regions, fields: Region, scalars: Mapping[str, Value]) -> Term:
    """Whether a region is among those that a quantifier ranges over."""
    return encode(regions.where, Environment(scalars, {regions.variable: fields}, exact=True))


def _about_map(given: Inputs) -> Iterator[p.Formula]:
    for conjunct in given.assumptions:
        formula = conjunct.formula
        if not isinstance(formula, p.Plain) and formula.regions.name == given.map.name:
            yield formula


def _subtracts(expr: p.Expr) -> bool:
    match expr:
        case p.Arith(op=op, left=left, right=right):
            return (op is p.Op.SUB and not expr.wraps) or _subtracts(left) or _subtracts(right)
        case p.AlignDown(operand=operand) | p.Convert(operand=operand) | p.Complement(operand=operand):
            return _subtracts(operand)
        case p.IfElse(then=then, otherwise=otherwise):
            return _subtracts(then) or _subtracts(otherwise)
    return False


def _scales(given: Inputs) -> dict[str, int]:
    """The powers of two that, by assumption, divide a field of every region of the map."""
    scales: dict[str, int] = {}
    for formula in _about_map(given):
        if isinstance(formula, p.ForRegion) and _always(formula.where) and _always(formula.regions.where):
            for conjunct in _conjuncts(formula.body):
                match conjunct:
                    case p.Compare(
                        rel=p.Rel.EQ,
                        left=p.Arith(op=p.Op.MOD, left=p.Field(region=name, name=field), right=p.Const(value=modulus)),
                        right=p.Const(value=0),
                    ) if name == formula.variable and modulus & (modulus - 1) == 0:
                        scales[field] = max(scales.get(field, 1), modulus)
    return scales


def _always(expr: p.Expr) -> bool:
    return isinstance(expr, p.Const) and expr.value == 1


def _conjuncts(expr: p.Expr) -> Iterator[p.Expr]:
    if isinstance(expr, p.Logic) and expr.junction is p.Junction.AND:
        yield from _conjuncts(expr.left)
        yield from _conjuncts(expr.right)
    else:
        yield expr
