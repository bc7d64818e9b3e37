"""The scenario's inputs as variables, and its assumptions as constraints on them.

Assumptions enter a proof only for the regions that it looks at: the witnesses, and the one anonymous region whose turn
it is. Each is universal (for each region, for each pair), or a bound on a sum of amounts that are not negative, so its
instances follow from it; what is left out only makes the proof harder, never unsound.

Where several maps are given, their regions are rows of one table, each a region of one or more maps (`PRESENT`, by
map). Two maps that are alike but for some regions are two columns: rows for which the difference is not allowed are in
both or in neither, with the same fields. A region in which they differ is two rows. Assumptions speak of rows present.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce

import z3

from checker import program as p
from checker.base.values import frozen
from checker.program.types import BOOL
from checker.program.walk import expressions
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import (
    FALSE,
    TRUE,
    Environment,
    Region,
    Value,
    conj,
    constant,
    disj,
    encode,
    neg,
    select,
    variable,
)
from checker.prove.terms.numbers import Num, Term

PRESENT = "is present"
"""The key, in a region's fields, of whether the region is in the map or layout at all. No field can have this name."""


@frozen
class LastingTotal:
    """A bound on a total of the map, by its number, that holds of a run's list too, before each of some ``passes`` and
    after the last of them; the first ``at_once`` are made at once, and behind these an element holds ``amount``.
    `checker.prove.pieces.lasting` says why."""

    run: str
    total: int
    amount: p.Expr
    passes: tuple[p.Pass, ...]
    at_once: int


@frozen
class PlaceBound:
    """Regions of a map that begin at ``field``, lie apart, and all from ``low`` to ``high``, which are constants or
    given, so that ``total`` is no more than what lies between. `checker.prove.pieces.intervals` says why."""

    field: str
    low: p.Const | p.Var
    high: p.Const | p.Var
    total: p.TotalAtMost


@frozen
class Inputs:
    """All that a scenario is given, and a set of assumptions about it."""

    scenario: p.Scenario
    assumptions: p.Formulas
    scalars: Mapping[str, Value]
    facts: tuple[Term, ...]
    """Constraints on the scalars."""
    transitive: tuple[p.ForAll, ...] = ()
    """The assumptions about neighbours that hold of any two regions in their order, as
    `checker.prove.system.neighbours` says."""
    lasting: tuple[LastingTotal, ...] = ()
    place_bounds: tuple[PlaceBound, ...] = ()

    @property
    def record(self) -> p.Record:
        """The record that tells what is known of a region, in every map."""
        return self.scenario.maps[0].record


@frozen
class Row:
    """A region as the maps give it: its fields, and in which maps it is."""

    fields: Mapping[str, Value]
    present: Mapping[str, Term]

    def of(self, name: str) -> dict[str, Value]:
        """The region as the map ``name`` has it."""
        return {**self.fields, PRESENT: self.present[name]}


def inputs(scenario: p.Scenario, assumptions: p.Formulas) -> Inputs:
    """The scenario's scalars as variables; and, as if they were given too, the numbers that its checks' quantifiers
    range over beside regions.

    *Sound*, because what holds for any value that is given holds for all. That such a number is below its bound is not
    among the facts, but a condition of what the quantifier says (`parts`), so that nothing else is proved under it. Of
    the same name and type there is one, whichever quantifiers use it: each of them says something of all its values.
    """
    scalars: dict[str, Value] = {}
    facts: list[Term] = []
    steps = dict(_steps(assumptions))
    for given in scenario.scalars:
        scalars[given.name], legal = variable(f"given.{given.name}", given.type, steps.get(given.name, 1))
        facts.append(legal)
    for variable_of in (each.variable for each in p.indices_of(scenario.checks)):
        if variable_of.name not in scalars:
            scalars[variable_of.name], legal = variable(variable_of.name, variable_of.type)
            facts.append(legal)
    for conjunct in assumptions:
        if isinstance(conjunct.formula, p.Plain):
            facts.append(encode(conjunct.formula.condition, Environment(scalars, exact=True)))
    return Inputs(scenario, assumptions, scalars, tuple(facts))


def _steps(assumptions: p.Formulas) -> Iterator[tuple[str, int]]:
    """The powers of two that, by assumption, divide a value that is given."""
    for conjunct in assumptions:
        if isinstance(conjunct.formula, p.Plain):
            for each in _conjuncts(conjunct.formula.condition):
                match each:
                    case p.Compare(
                        rel=p.Rel.EQ,
                        left=p.Arith(op=p.Op.MOD, left=p.Var(name=name), right=p.Const(value=modulus)),
                        right=p.Const(value=0),
                    ) if modulus & (modulus - 1) == 0:
                        yield name, modulus
                    case _:
                        pass


def unmarked(record: p.Record) -> dict[str, Value]:
    """The marks of a region that no algorithm has seen."""
    own = {name: constant(record.type_of(name), 0) for name in record.marks}
    return {**dict.fromkeys(p.MARKS, FALSE), **own}


def fields_of(name: str, given: Inputs) -> tuple[dict[str, Value], list[Term]]:
    """The fields of a region of a map as variables, with the ranges of their types."""
    fields: dict[str, Value] = unmarked(given.record)
    facts: list[Term] = []
    scales = _scales(given)
    for field, kind in given.record.inputs:
        fields[field], legal = variable(f"{name}.{field}", kind, scales.get(field, 1))
        facts.append(legal)
    return fields, facts


def row(name: str, given: Inputs, beside: Entries | None = None) -> tuple[Row, list[Term]]:
    """A region of the given maps as variables, with every constraint and assumption about one region, and about one and
    each of the entries that are looked at."""
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
        facts += across(made.of(each.name), each.name, beside or {}, given)
    return made, facts


def entry(name: str, given: p.GivenList) -> tuple[dict[str, Value], list[Term]]:
    """An entry of a list beside the map as variables, with the ranges of their types."""
    fields: dict[str, Value] = {**unmarked(given.record), PRESENT: TRUE}
    facts: list[Term] = []
    for field, kind in given.record.inputs:
        fields[field], legal = variable(f"{name}.{field}", kind)
        facts.append(legal)
    return fields, facts


Entries = Mapping[str, Sequence[Region]]
"""The entries of lists beside the map that a proof looks at, by list: arbitrary ones, in their order."""


def entries(names: Sequence[str], given: Inputs) -> tuple[dict[str, list[Region]], list[Term]]:
    """An arbitrary entry of each of the lists beside the map that are named (of one that is named twice two, of which
    the first stands before the second), with all that is assumed of them."""
    found: dict[str, list[Region]] = {}
    facts: list[Term] = []
    for each in given.scenario.beside:
        own = found[each.name] = []
        for index in range(names.count(each.name)):
            made, legal = entry(f"{each.name}:w{index + 1}", each)
            facts += [*legal, *alone(made, each.name, given), *across(made, each.name, found, given)]
            if own:
                facts += together(own[0], made, each.name, given)
            own.append(made)
    return found, facts


def across(region: Region, name: str, others: Entries, given: Inputs) -> Iterator[Term]:
    """Every assumption across lists, for a region of the map, or an entry of the list, ``name`` and entries of other
    lists beside the map.

    *Sound*, because such an assumption holds of every two of the lists that it is about: no order is in it, and the two
    are of different lists, so that they are never one and the same.
    """
    for conjunct in given.assumptions:
        formula = conjunct.formula
        if not isinstance(formula, p.ForAll) or formula.relation is not p.Relation.ACROSS or name not in formula.lists:
            continue
        first, second = formula.lists
        for other in others.get(second if first == name else first, ()):
            both = (region, other) if first == name else (other, region)
            yield instance(formula, both, given.scalars)


def may_differ(like: p.Likeness, fields: Region, given: Inputs) -> Term:
    """Tell whether a region is one of those in which two maps may differ."""
    return encode(like.where, Environment(given.scalars, {like.variable: fields}, exact=True))


def alone(region: Region, name: str, given: Inputs) -> list[Term]:
    """Every assumption about single regions of the map ``name``, for this region."""
    formulas = (f for f in _about(name, given) if isinstance(f, p.ForAll) and f.bound == 1)
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
        if not isinstance(formula, p.ForAll) or formula.bound != 2:
            continue
        if formula.relation is p.Relation.ANY or (formula.relation is p.Relation.BEFORE and ordered):
            terms.append(instance(formula, (first, second), given.scalars))
        if formula.relation is p.Relation.ANY:
            terms.append(instance(formula, (second, first), given.scalars))
    return terms


def totals(given: Inputs) -> tuple[p.TotalAtMost, ...]:
    """The bounds on totals over maps that hold for every part of the map as well: those that are assumed, and those
    that follow from where regions lie."""
    assumed = (
        formula
        for each in given.scenario.maps
        for formula in _about(each.name, given)
        if isinstance(formula, p.TotalAtMost) and of_parts(formula)
    )
    return (*assumed, *(each.total for each in given.place_bounds))


def of_parts(total: p.TotalAtMost) -> bool:
    """Tell whether a bound on a total holds for every part of the list as well, which is what a proof uses: no amount
    can be negative. Amounts are exact, so they can be only where something is subtracted."""
    return not _subtracts(total.amount)


def at_most(total: p.TotalAtMost, regions: Sequence[Region], given: Inputs) -> Term:
    """That these regions of the total's list stay below its bound."""
    amounts = [amount(total, region, given) for region in regions]
    return n.compare(p.Rel.LE, reduce(n.add, amounts, n.const(0)), n.const(total.bound))


def amount(total: p.TotalAtMost | p.Total, region: Region, given: Inputs) -> Num:
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
    where, body = _applies(formula, env), encode(formula.body, env)
    if formula.relation is p.Relation.ACROSS:
        first, second = regions
        there = conj(member(formula.regions, first, scalars), member(formula.others, second, scalars))
        return conj(there, where), body
    if not formula.within:
        first, second = regions
        return conj(member(formula.regions, first, scalars), where), conj(member(formula.others, second, scalars), body)
    return conj(*(member(formula.regions, region, scalars) for region in regions), where), body


def _applies(formula: p.ForAll, env: Environment) -> Term:
    """Tell whether what is said of regions is said: the numbers are below their bounds, and ``where`` holds."""
    below = (encode(p.Compare(p.Rel.LT, each.variable, each.bound, BOOL), env) for each in formula.indices)
    return conj(*below, encode(formula.where, env))


def in_pieces(
    formula: p.ForAll, first: Region, others: Sequence[Region], scalars: Mapping[str, Value]
) -> Iterator[tuple[Term, Term]]:
    """The same for `p.Relation.SAME`, of a region that the second list has in several pieces, or may have: it speaks of
    each piece that is there, and says that there is one."""
    env = Environment(scalars, {formula.variables[0]: first}, exact=True)
    applies = conj(member(formula.regions, first, scalars), _applies(formula, env))
    there = [member(formula.others, each, scalars) for each in others]
    for present, second in zip(there, others, strict=True):
        both = Environment(scalars, dict(zip(formula.variables, (first, second), strict=True)), exact=True)
        yield conj(applies, present), encode(formula.body, both)
    yield applies, disj(*there)


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
    for formula in given.transitive:
        if formula.lists == (name,):
            yield replace(formula, relation=p.Relation.BEFORE)


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
