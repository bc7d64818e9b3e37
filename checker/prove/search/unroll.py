"""The scenario on maps of a given length, unrolled: where maps that break a goal are looked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from itertools import combinations, permutations, product
from typing import Any, assert_never

import z3

from checker import program as p
from checker.base.values import mutable
from checker.program.valuation import Valuation
from checker.program.walk import asked_where
from checker.prove.proof.compared_totals import on_rows
from checker.prove.search.execution import Execution, Lineage, Regions
from checker.prove.search.shapes import Shape
from checker.prove.system import inputs
from checker.prove.system.inputs import PRESENT
from checker.prove.system.receive import receive
from checker.prove.system.turn import ends
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import (
    TRUE,
    Environment,
    Overflow,
    Value,
    conj,
    disj,
    encode,
    equal,
    neg,
)
from checker.prove.terms.numbers import Num, OutOfReachError, Term


@mutable
class Unrolled:
    """A scenario over maps of a given shape. ``lists`` are the rows of each map and layout, in the table's order."""

    given: inputs.Inputs
    shape: Shape
    constraints: list[Term] = field(default_factory=list)
    lists: dict[str, Regions] = field(default_factory=dict)
    order: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """The rows in the order in which each list has them."""
    pieces: dict[str, tuple[Lineage, ...]] = field(default_factory=dict)
    """By list, which region, or piece of one, each of its rows is."""
    choices: dict[tuple[str, str, int | None], Value] = field(default_factory=dict)
    overflows: dict[str, list[Term]] = field(default_factory=dict)
    ended: dict[str, Value] = field(default_factory=dict)
    """The variables of runs as they are at their end."""

    def __post_init__(self) -> None:
        self.constraints += self.given.facts
        rows = range(self.shape.rows)
        for each in self.given.scenario.maps:
            self.lists[each.name] = [self._row(each, index) for index in rows]
            self.order[each.name] = tuple(rows)
            self.pieces[each.name] = tuple(Lineage(index, {each.name: index}) for index in rows)
            for first, second in combinations(self.lists[each.name], 2):
                self.constraints += inputs.together(first, second, each.name, self.given)
        if len(self.given.scenario.maps) > 1:
            self.constraints += [disj(*(regions[i][PRESENT] for regions in self.lists.values())) for i in rows]
        lengths = dict(self.shape.beside)
        for other in self.given.scenario.beside:
            self.lists[other.name] = [self._entry(other, index) for index in range(lengths[other.name])]
            self.order[other.name] = tuple(range(lengths[other.name]))
        for run in self.given.scenario.runs:
            self._run(run)
        for conjunct in self.given.assumptions:
            self.constraints += self._late(conjunct.formula)

    def _row(self, given: p.GivenMap, index: int) -> dict[str, Value]:
        """A region of a map, and how it is bound to the same row of the map that this one is like."""
        name = f"{given.name}.{index}"
        fields, facts = inputs.fields_of(name, self.given)
        self.constraints += facts
        single = len(self.given.scenario.maps) == 1
        fields[PRESENT] = TRUE if single else z3.Bool(f"{name} is present")
        self.constraints += inputs.alone(fields, given.name, self.given)
        if given.like is not None:
            other = self.lists[given.like.map][index]
            same = conj(*(equal(fields[f], other[f]) for f, _ in self.given.record.inputs))
            same = conj(same, fields[PRESENT], other[PRESENT])
            for region in (fields, other):
                free = disj(neg(region[PRESENT]), inputs.may_differ(given.like, region, self.given))
                self.constraints.append(disj(same, free))
        return fields

    def _entry(self, given: p.GivenList, index: int) -> dict[str, Value]:
        """An entry of a list beside the map."""
        fields, facts = inputs.entry(f"{given.name}.{index}", given)
        self.constraints += facts
        return fields

    # --- runs

    def _run(self, run: p.Run) -> None:
        self.overflows[run.name] = []
        regions, order, parts = self.lists[run.source], self.order[run.source], self.pieces[run.source]
        generations = dict(self.shape.generations).get(run.name, 1)
        for _ in range(generations):
            if run.handover is None:
                regions = [dict(region) for region in regions]
            else:
                regions = [receive(run.handover, region, self.given) for region in regions]
                if run.handover.travel is p.Travel.BACKWARD:
                    order = order[::-1]
                elif run.handover.travel is p.Travel.ANYHOW:
                    wanted = dict(self.shape.orders)[run.name]
                    order = tuple(index for origin in wanted for index in order if parts[index].origin == origin)
            order, parts = self._algorithm(run, regions, order, parts)
        self.lists[run.name], self.order[run.name] = regions, order
        self.pieces[run.name] = tuple(each.within(run.name, index) for index, each in enumerate(parts))

    def _algorithm(
        self, run: p.Run, regions: Regions, order: tuple[int, ...], parts: tuple[Lineage, ...]
    ) -> tuple[tuple[int, ...], tuple[Lineage, ...]]:
        """Run an algorithm on ``regions``, which become what it makes of them. Returns their order, and their parts."""
        scalars: dict[str, Value] = {}
        overflows: list[Overflow] = []
        env = Environment(self.given.scalars, on_overflow=overflows.append)
        for (name, _, _), argument in zip(run.algorithm.parameters, run.arguments, strict=True):
            scalars[name] = encode(argument, env)
        self.overflows[run.name] += [overflow.condition for overflow in overflows]
        execution = Execution(self, run, scalars, regions, order, parts)
        execution.block(run.algorithm.body, TRUE)
        self.ended |= ends(run.name, scalars)
        return execution.order, execution.parts

    # --- formulas

    def instances(self, formula: p.ForAll) -> Iterator[tuple[Term, Term]]:
        """For every choice of regions: when the formula applies to it, and what it then says."""
        scalars = {**self.given.scalars, **self.ended}
        regions, order = self.lists[formula.regions.name], self.order[formula.regions.name]
        if formula.relation is p.Relation.SAME:
            others = self.lists[formula.others.name]
            for row, found in self._counterparts(formula):
                if len(found) == 1:
                    yield inputs.parts(formula, (regions[row], others[found[0]]), scalars)
                else:
                    yield from inputs.in_pieces(formula, regions[row], [others[each] for each in found], scalars)
            return
        if formula.relation is p.Relation.ACROSS:
            both = product(regions, self.lists[formula.others.name])
            yield from (inputs.parts(formula, each, scalars) for each in both)
            return
        for rows in self.rows_of(formula):
            applies, body = inputs.parts(formula, [regions[row] for row in rows], scalars)
            if formula.relation is p.Relation.NEXT:
                first, second = map(order.index, rows)
                between = [regions[row] for row in order[first + 1 : second]]
                applies = conj(applies, *(neg(inputs.member(formula.regions, r, scalars)) for r in between))
            yield applies, body

    def rows_of(self, formula: p.ForAll) -> Iterator[tuple[int, ...]]:
        """The rows of the regions of each instance, in the order of `instances`."""
        order = self.order[formula.regions.name]
        if formula.relation is p.Relation.SAME:
            for row, found in self._counterparts(formula):
                yield from ((row,) for _ in range(len(found) + (len(found) > 1)))
            return
        if formula.bound == 1:
            yield from ((row,) for row in range(len(order)))
            return
        match formula.relation:
            case p.Relation.ANY:
                yield from permutations(order, formula.bound)
            case p.Relation.BEFORE | p.Relation.NEXT:
                yield from combinations(order, formula.bound)
            case p.Relation.ACROSS:
                yield from product(order, self.order[formula.others.name])
            case p.Relation.SAME:
                pass  # it is about one region, as two lists have it
            case _:
                assert_never(formula.relation)

    def _counterparts(self, formula: p.ForAll) -> Iterator[tuple[int, tuple[int, ...]]]:
        """By row of the first list of a formula, the rows of the second one that are the same region, or a piece of it.

        The two lists have the same regions up to the last list that both come from. Where only one of them splits
        regions after that, all pieces of such a region are the same region. Raises `OutOfReachError` where both do:
        then which piece is which depends on what was cut.
        """
        first, second = self.pieces[formula.regions.name], self.pieces[formula.others.name]
        shared = [name for name in self.lists if all(name in each.rows for each in (*first, *second))]
        # Two maps have the rows of the table in common.
        common = len(self.pieces[shared[-1]]) if shared else self.shape.rows
        if min(len(first), len(second)) > common:
            raise OutOfReachError("counterparts in two lists that were split apart from each other")

        def same(one: Lineage, other: Lineage) -> bool:
            return one.rows[shared[-1]] == other.rows[shared[-1]] if shared else one.origin == other.origin

        for row, part in enumerate(first):
            yield row, tuple(index for index, other in enumerate(second) if same(part, other))

    def _late(self, formula: p.Formula) -> Iterator[Term]:
        """Assumptions that are not instances for single regions and pairs of a map: totals, neighbours, layouts."""
        maps = {each.name for each in self.given.scenario.maps}
        match formula:
            case p.TotalAtMost():
                yield inputs.at_most(formula, self.lists[formula.regions.name], self.given)
            case p.ForAll(relation=relation):
                late = relation not in (p.Relation.ANY, p.Relation.BEFORE)
                if late or formula.regions.name not in maps:
                    yield from (disj(neg(applies), body) for applies, body in self.instances(formula))
            case p.TotalsAtMost():
                yield on_rows(formula, self.lists, self.given)
            case p.Plain():
                pass  # it is among the facts about scalars
            case _:
                assert_never(formula)

    def broken(self, goal: p.Formulas | p.ExactArithmetic) -> Term:
        """The goal fails for some choice of regions."""
        if isinstance(goal, p.ExactArithmetic):
            return disj(*self.overflows[goal.run])
        failures = []
        for conjunct in goal:
            formula = conjunct.formula
            if isinstance(formula, p.ForAll):
                failures += [conj(applies, neg(body)) for applies, body in self.instances(formula)]
            elif isinstance(formula, p.TotalsAtMost):
                failures.append(neg(on_rows(formula, self.lists, self.given)))
            elif isinstance(formula, p.Plain):
                scalars = {**self.given.scalars, **self.ended}
                failures.append(neg(encode(formula.condition, Environment(scalars, exact=True))))
        return disj(*failures)

    def speaks_of(self, formula: p.ForAll | p.TotalsAtMost) -> Iterator[tuple[Term, list[tuple[p.Regions, int]]]]:
        """For every choice of regions: when the formula says something of it, and which rows these are, of which lists.
        Of totals it says something where a region counts in one of them."""
        if isinstance(formula, p.TotalsAtMost):
            for each in formula.totals:
                for row, region in enumerate(self.lists[each.regions.name]):
                    env = Environment(self.given.scalars, {each.variable: region}, exact=True)
                    yield conj(region[PRESENT], encode(each.where, env)), [(each.regions, row)]
            return
        ranges = [binder.regions for binder in formula.binders]
        for rows, (applies, _) in zip(self.rows_of(formula), self.instances(formula), strict=True):
            yield applies, list(zip(ranges, rows, strict=False))

    def applies(self, formula: p.ForAll | p.TotalsAtMost) -> Term:
        """The formula applies to some choice of regions, and every layout of which it asks what is placed places
        something."""
        used = [disj(*(applies for applies, _ in self.speaks_of(formula)))]
        runs = {run.name for run in self.given.scenario.runs}
        for name in sorted(asked_where(formula, self.given.record)):
            if name in runs:
                marks = self.given.record.placed_marks
                used.append(disj(*(conj(r[PRESENT], r[mark]) for r in self.lists[name] for mark in marks)))
        return conj(*used)

    def everything_present(self) -> Term:
        """Every row is in every map, so that the maps differ in fields only."""
        return conj(*(r[PRESENT] for each in self.given.scenario.maps for r in self.lists[each.name]))

    def amounts(self, name: str) -> list[Num]:
        """The values of a field, of every region of every map; 0 where a region is absent."""
        found = []
        for each in self.given.scenario.maps:
            for region in self.lists[each.name]:
                value = region[name]
                assert isinstance(value, Num)
                found.append(n.choose(region[PRESENT], value, n.const(0)))
        return found

    # --- models

    def concrete(self, model: Any) -> Valuation:
        """The values that a model gives to everything that is left open."""
        names = [name for name, _ in self.given.record.inputs]
        beside = self.given.scenario.beside

        def fields(region: Mapping[str, Value]) -> Mapping[str, int] | None:
            if not number(model, region[PRESENT]):
                return None
            return {name: number(model, region[name]) for name in names}

        return Valuation(
            {each.name: tuple(map(fields, self.lists[each.name])) for each in self.given.scenario.maps},
            {each.name: number(model, self.given.scalars[each.name]) for each in self.given.scenario.scalars},
            {key: number(model, value) for key, value in self.choices.items()},
            dict(self.shape.orders),
            dict(self.shape.generations),
            {
                each.variable.name: number(model, self.given.scalars[each.variable.name])
                for each in p.indices_of(self.given.scenario.checks)
            },
            {each.name: tuple(map(self._entry_in(model, each), self.lists[each.name])) for each in beside},
        )

    def _entry_in(self, model: Any, given: p.GivenList) -> Callable[[Mapping[str, Value]], Mapping[str, int]]:
        names = [name for name, _ in given.record.inputs]
        return lambda entry: {name: number(model, entry[name]) for name in names}


def number(model: Any, value: Value) -> int:
    """The value of a term in a model."""
    if isinstance(value, Num):
        if value.constant is not None:
            return value.constant
        return int(model.eval(value.term, model_completion=True).as_long()) * value.scale
    found = model.eval(value, model_completion=True)
    return int(z3.is_true(found)) if z3.is_bool(found) else int(found.as_long())


def with_zeros(given: inputs.Inputs) -> inputs.Inputs:
    """The inputs with 0 for every number that is given."""
    own = {each.name for each in given.scenario.scalars}
    numbers = {name: value for name, value in given.scalars.items() if isinstance(value, Num) and name in own}
    zeros = (n.compare(p.Rel.EQ, value, n.const(0)) for value in numbers.values())
    zero = dict.fromkeys(numbers, n.const(0))
    return replace(given, scalars={**given.scalars, **zero}, facts=(*given.facts, *zeros))
