"""The scenario on maps of a given length, unrolled: where a map that breaks a goal is looked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from itertools import combinations, permutations
from typing import Any

import z3

from checker.language import program as p
from checker.language.types import Type
from checker.prove import assume
from checker.prove import numbers as n
from checker.prove.encode import FALSE, TRUE, Environment, Loss, Value, conj, disj, encode, neg, variable
from checker.prove.execute import Turn, choose, execute, visit
from checker.prove.numbers import Num, Term
from checker.prove.system import has_pass


@dataclass(frozen=True)
class Concrete:
    """Values for everything that a scenario leaves open: the regions of its map, its scalars, what each run chose."""

    regions: tuple[Mapping[str, int], ...]
    scalars: Mapping[str, int]
    choices: Mapping[tuple[str, str, int | None], int]
    """By run, name of the `choose`, and index of the region (None outside passes)."""


@dataclass
class Unrolled:
    """A scenario over a map of ``length`` regions."""

    given: assume.Inputs
    length: int
    constraints: list[Term] = field(default_factory=list)
    regions: list[dict[str, Value]] = field(default_factory=list)
    layouts: dict[str, list[dict[str, Value]]] = field(default_factory=dict)
    choices: dict[tuple[str, str, int | None], Value] = field(default_factory=dict)
    losses: dict[str, list[Term]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.constraints += self.given.facts
        for index in range(self.length):
            fields, facts = assume.region(f"r{index}", self.given)
            self.regions.append(fields)
            self.constraints += facts
        for first, second in combinations(self.regions, 2):
            self.constraints += assume.together(first, second, self.given)
        for run in self.given.scenario.runs:
            self._run(run)
        for conjunct in self.given.assumptions:
            self.constraints += self._late(conjunct.formula)

    # --- runs

    def _run(self, run: p.Run) -> None:
        scalars: dict[str, Value] = {}
        losses: list[Loss] = []
        env = Environment(self.given.scalars, on_loss=losses.append)
        for (name, _, _), argument in zip(run.algorithm.parameters, run.arguments, strict=True):
            scalars[name] = encode(argument, env)
        layout = [dict(region) for region in self.regions]
        self.losses[run.name] = [loss.condition for loss in losses]
        self._block(run.algorithm.body, scalars, layout, TRUE, run.name)
        self.layouts[run.name] = layout

    def _block(
        self,
        statements: tuple[p.Statement, ...],
        scalars: dict[str, Value],
        layout: list[dict[str, Value]],
        live: Term,
        run: str,
    ) -> None:
        for statement in statements:
            if isinstance(statement, p.Pass):
                self._pass(statement, scalars, layout, live, run)
            elif isinstance(statement, p.If) and has_pass(statement):
                losses: list[Loss] = []
                condition = encode(statement.condition, Environment(scalars, path=live, on_loss=losses.append))
                self.losses[run] += [loss.condition for loss in losses]
                self._block(statement.then, scalars, layout, conj(live, condition), run)
                self._block(statement.otherwise, scalars, layout, conj(live, neg(condition)), run)
            else:
                turn = Turn(scalars, None, live, FALSE, self._fresh(run, None))
                if isinstance(statement, p.Choose):
                    choose(statement, turn, "")
                else:
                    execute((statement,), turn, "")
                self._collect(turn, run)

    def _pass(
        self, statement: p.Pass, scalars: dict[str, Value], layout: list[dict[str, Value]], live: Term, run: str
    ) -> None:
        stopped: Term = FALSE
        indices = range(self.length)
        for index in reversed(indices) if statement.reverse else indices:
            turn = Turn(scalars, layout[index], TRUE, stopped, self._fresh(run, index))
            visit(statement, turn, live)
            stopped = turn.stopped
            self._collect(turn, run)

    def _collect(self, turn: Turn, run: str) -> None:
        self.constraints += turn.constraints
        self.losses[run] += [loss.condition for loss in turn.losses]

    def _fresh(self, run: str, index: int | None) -> Any:
        def fresh(name: str, kind: Type) -> Value:
            value, legal = variable(f"{run}.{name}.{index}", kind)
            self.choices[(run, name, index)] = value
            self.constraints.append(legal)
            return value

        return fresh

    # --- formulas

    def _of(self, name: str) -> list[dict[str, Value]]:
        return self.layouts.get(name, self.regions)

    def instances(self, formula: p.ForRegion | p.ForPair) -> Iterator[tuple[Term, Term]]:
        """For every choice of regions: when the formula applies to it, and what it then says."""
        regions = self._of(formula.regions.name)
        indices = range(self.length)
        if isinstance(formula, p.ForRegion):
            for index in indices:
                yield assume.parts(formula, (regions[index],), self.given.scalars)
            return
        pairs = permutations(indices, 2) if formula.order is p.Order.ANY else combinations(indices, 2)
        for first, second in pairs:
            applies, body = assume.parts(formula, (regions[first], regions[second]), self.given.scalars)
            if formula.order is p.Order.NEXT:
                between = [
                    assume.member(formula.regions, regions[i], self.given.scalars) for i in range(first + 1, second)
                ]
                applies = conj(applies, *(neg(inside) for inside in between))
            yield applies, body

    def _late(self, formula: p.Formula) -> Iterator[Term]:
        """Assumptions that are not instances for single regions and pairs of the map: totals, neighbours, layouts."""
        match formula:
            case p.TotalAtMost():
                if formula.regions.name == self.given.map.name:
                    amounts = [assume.amount(formula, r, self.given) for r in self.regions]
                    yield n.compare(p.Rel.LE, reduce(n.add, amounts, n.const(0)), n.const(formula.bound))
            case p.ForRegion() | p.ForPair():
                about_layout = formula.regions.name != self.given.map.name
                if about_layout or (isinstance(formula, p.ForPair) and formula.order is p.Order.NEXT):
                    yield from (disj(neg(applies), body) for applies, body in self.instances(formula))

    def broken(self, goal: p.Formulas | p.ExactArithmetic) -> Term:
        """The goal fails for some choice of regions."""
        if isinstance(goal, p.ExactArithmetic):
            return disj(*self.losses[goal.run])
        failures = []
        for conjunct in goal:
            formula = conjunct.formula
            if isinstance(formula, p.ForRegion | p.ForPair):
                failures += [conj(applies, neg(body)) for applies, body in self.instances(formula)]
            elif isinstance(formula, p.Plain):
                failures.append(neg(encode(formula.condition, Environment(self.given.scalars, exact=True))))
        return disj(*failures)

    def applies(self, formula: p.ForRegion | p.ForPair) -> Term:
        """The formula applies to some choice of regions, and its layout, if it is about one, places something."""
        used = disj(*(applies for applies, _ in self.instances(formula)))
        layout = self.layouts.get(formula.regions.name)
        if layout is None:
            return used
        return conj(used, disj(*(region[p.PLACED] for region in layout)))

    # --- models

    def concrete(self, model: Any) -> Concrete:
        """The values that a model gives to everything that is left open."""
        names = [name for name, _ in self.given.map.record.fields]
        return Concrete(
            tuple({name: _number(model, region[name]) for name in names} for region in self.regions),
            {name: _number(model, value) for name, value in self.given.scalars.items()},
            {key: _number(model, value) for key, value in self.choices.items()},
        )


def _number(model: Any, value: Value) -> int:
    if isinstance(value, Num):
        if value.constant is not None:
            return value.constant
        return int(model.eval(value.term, model_completion=True).as_long()) * value.scale
    found = model.eval(value, model_completion=True)
    return int(z3.is_true(found)) if z3.is_bool(found) else int(found.as_long())
