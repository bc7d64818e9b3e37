"""The scenario on maps of a given length, unrolled: where maps that break a goal are looked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, permutations, product
from math import factorial
from typing import Any, assert_never

import z3

from checker import program as p
from checker.program.types import Type
from checker.program.valuation import MAX_GENERATIONS, Valuation
from checker.program.walk import has_pass
from checker.prove.system import inputs
from checker.prove.system.inputs import PRESENT
from checker.prove.system.receive import receive
from checker.prove.system.turn import Fresh, Turn, execute, visit
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import (
    FALSE,
    TRUE,
    Environment,
    Overflow,
    Value,
    conj,
    disj,
    encode,
    equal,
    neg,
    variable,
)
from checker.prove.terms.numbers import Num, Term


@dataclass(frozen=True)
class Shape:
    """The outline of what is unrolled: how many rows, and for every run in what order they come and how often."""

    rows: int
    orders: tuple[tuple[str, tuple[int, ...]], ...] = ()
    generations: tuple[tuple[str, int], ...] = ()


_MOST_ORDERS = 36
"""The most ways to order what comes in no order that are unrolled: two lists of three regions, each in every order."""


def shapes(scenario: p.Scenario, rows: int) -> Iterator[Shape]:
    """Every outline with so many rows, the plainest first; where there are too many orders, all lists have the same."""
    unordered, chained = _unordered(scenario), [r.name for r in scenario.runs if r.chained]
    lengths = range(1, MAX_GENERATIONS + 1)
    together = [(length,) * len(chained) for length in (lengths if chained else lengths[:1])]
    apart = product(lengths, repeat=len(chained)) if len(chained) == 2 else iter(())
    for counts in dict.fromkeys((*together, *apart)):
        generations = tuple(zip(chained, counts, strict=True))
        for orders in _orders(rows, len(unordered)):
            yield Shape(rows, tuple(zip(unordered, orders, strict=True)), generations)


def exhaustive(scenario: p.Scenario, rows: int) -> bool:
    """Tell whether everything that can happen on so many rows has one of their shapes.

    Of a chain it never has: it may be longer; and unrolled, its kernels all choose alike and receive in one order.
    """
    few = factorial(rows) ** len(_unordered(scenario)) <= _MOST_ORDERS
    return (few or len(_unordered(scenario)) < 2) and not any(run.chained for run in scenario.runs)


def _unordered(scenario: p.Scenario) -> list[str]:
    return [r.name for r in scenario.runs if r.handover is not None and r.handover.travel is p.Travel.ANYHOW]


def _orders(rows: int, lists: int) -> Iterator[tuple[tuple[int, ...], ...]]:
    """The orders of so many lists that come in no order."""
    if factorial(rows) ** lists <= _MOST_ORDERS:
        yield from product(permutations(range(rows)), repeat=lists)
    else:
        yield from ((order,) * lists for order in permutations(range(rows)))


Regions = list[dict[str, Value]]


@dataclass
class Unrolled:
    """A scenario over maps of a given shape. ``lists`` are the rows of each map and layout, in the table's order."""

    given: inputs.Inputs
    shape: Shape
    constraints: list[Term] = field(default_factory=list)
    lists: dict[str, Regions] = field(default_factory=dict)
    order: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """The rows in the order in which each list has them."""
    choices: dict[tuple[str, str, int | None], Value] = field(default_factory=dict)
    overflows: dict[str, list[Term]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.constraints += self.given.facts
        rows = range(self.shape.rows)
        for each in self.given.scenario.maps:
            self.lists[each.name] = [self._row(each, index) for index in rows]
            self.order[each.name] = tuple(rows)
            for first, second in combinations(self.lists[each.name], 2):
                self.constraints += inputs.together(first, second, each.name, self.given)
        if len(self.given.scenario.maps) > 1:
            self.constraints += [disj(*(regions[i][PRESENT] for regions in self.lists.values())) for i in rows]
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

    # --- runs

    def _run(self, run: p.Run) -> None:
        self.overflows[run.name] = []
        regions, order = self.lists[run.source], self.order[run.source]
        generations = dict(self.shape.generations).get(run.name, 1)
        for _ in range(generations):
            if run.handover is None:
                regions = [dict(region) for region in regions]
            else:
                regions = [receive(run.handover, region, self.given) for region in regions]
                if run.handover.travel is p.Travel.BACKWARD:
                    order = order[::-1]
                elif run.handover.travel is p.Travel.ANYHOW:
                    order = dict(self.shape.orders)[run.name]
            self._algorithm(run, regions, order)
        self.lists[run.name], self.order[run.name] = regions, order

    def _algorithm(self, run: p.Run, regions: Regions, order: Sequence[int]) -> None:
        scalars: dict[str, Value] = {}
        overflows: list[Overflow] = []
        env = Environment(self.given.scalars, on_overflow=overflows.append)
        for (name, _, _), argument in zip(run.algorithm.parameters, run.arguments, strict=True):
            scalars[name] = encode(argument, env)
        self.overflows[run.name] += [overflow.condition for overflow in overflows]
        _Execution(self, run.name, scalars, regions, order).block(run.algorithm.body, TRUE)

    # --- formulas

    def instances(self, formula: p.ForAll) -> Iterator[tuple[Term, Term]]:
        """For every choice of regions: when the formula applies to it, and what it then says."""
        scalars = self.given.scalars
        regions, order = self.lists[formula.regions.name], self.order[formula.regions.name]
        if not formula.within:
            others = self.lists[formula.others.name]
            yield from (inputs.parts(formula, both, scalars) for both in zip(regions, others, strict=True))
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
        if formula.arity == 1:
            yield from ((row,) for row in range(self.shape.rows))
            return
        match formula.relation:
            case p.Relation.ANY:
                yield from permutations(order, formula.arity)
            case p.Relation.BEFORE | p.Relation.NEXT:
                yield from combinations(order, formula.arity)
            case p.Relation.SAME:
                pass  # it is about one region, as two lists have it
            case _:
                assert_never(formula.relation)

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
            elif isinstance(formula, p.Plain):
                failures.append(neg(encode(formula.condition, Environment(self.given.scalars, exact=True))))
        return disj(*failures)

    def applies(self, formula: p.ForAll) -> Term:
        """The formula applies to some choice of regions, and every layout it is about places something, if it can."""
        used = [disj(*(applies for applies, _ in self.instances(formula)))]
        for name in formula.lists:
            places = self.given.record.placement is not None
            if places and name not in {each.name for each in self.given.scenario.maps}:
                used.append(disj(*(conj(r[PRESENT], r[p.PLACED]) for r in self.lists[name])))
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

        def fields(region: Mapping[str, Value]) -> Mapping[str, int] | None:
            if not number(model, region[PRESENT]):
                return None
            return {name: number(model, region[name]) for name in names}

        return Valuation(
            {each.name: tuple(map(fields, self.lists[each.name])) for each in self.given.scenario.maps},
            {name: number(model, value) for name, value in self.given.scalars.items()},
            {key: number(model, value) for key, value in self.choices.items()},
            dict(self.shape.orders),
            dict(self.shape.generations),
        )


@dataclass
class _Execution:
    """One algorithm on the rows of one list; its effects go into ``regions`` and the unrolled scenario."""

    unrolled: Unrolled
    run: str
    scalars: dict[str, Value]
    regions: Regions
    order: Sequence[int]

    def block(self, statements: tuple[p.Statement, ...], live: Term) -> None:
        """Execute top-level statements where ``live`` holds."""
        for statement in statements:
            if isinstance(statement, p.Pass):
                self._pass(statement, live)
            elif isinstance(statement, p.If) and has_pass(statement):
                overflows: list[Overflow] = []
                env = Environment(self.scalars, path=live, on_overflow=overflows.append)
                condition = encode(statement.condition, env)
                self.unrolled.overflows[self.run] += [overflow.condition for overflow in overflows]
                self.block(statement.then, conj(live, condition))
                self.block(statement.otherwise, conj(live, neg(condition)))
            else:
                turn = Turn(self.scalars, None, live, FALSE, self._fresh(None))
                execute((statement,), turn, "")
                self._collect(turn)

    def _pass(self, statement: p.Pass, live: Term) -> None:
        stopped: Term = FALSE
        for index in reversed(self.order) if statement.reverse else self.order:
            region = self.regions[index]
            turn = Turn(self.scalars, region, TRUE, stopped, self._fresh(index))
            visit(statement, turn, conj(live, region[PRESENT]))
            stopped = turn.stopped
            self._collect(turn)

    def _collect(self, turn: Turn) -> None:
        self.unrolled.constraints += turn.constraints
        self.unrolled.overflows[self.run] += [overflow.condition for overflow in turn.overflows]

    def _fresh(self, index: int | None) -> Fresh:
        """The same choice in every generation of a chain, which is one of those that could be made."""

        def fresh(name: str, kind: Type) -> Value:
            key = (self.run, name, index)
            if key in self.unrolled.choices:
                return self.unrolled.choices[key]
            value, legal = variable(f"{self.run}.{name}.{index}", kind)
            self.unrolled.choices[key] = value
            self.unrolled.constraints.append(legal)
            return value

        return fresh


def number(model: Any, value: Value) -> int:
    """The value of a term in a model."""
    if isinstance(value, Num):
        if value.constant is not None:
            return value.constant
        return int(model.eval(value.term, model_completion=True).as_long()) * value.scale
    found = model.eval(value, model_completion=True)
    return int(z3.is_true(found)) if z3.is_bool(found) else int(found.as_long())
