"""Random cases: what real runs of a scenario do, turn by turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from random import Random
from typing import Any

from checker import program as p
from checker.interpret import Chooser, Values, World, holds, realise
from checker.interpret.evaluate import Environment, in_formula
from checker.program.records import Identity
from checker.program.types import BOOL
from checker.program.valuation import Valuation
from checker.prove.system.inputs import PRESENT
from tests.oracles.stepwise import Impossible, Stepper, handed, start
from tests.writers.programs import RECORD, Maker, Seen

CASES = 3


@dataclass(frozen=True)
class Case:
    """A table of regions, with the maps that each is in; what reaches every run and every generation; the runs."""

    rows: tuple[Values, ...]
    present: Mapping[str, tuple[int, ...]]
    scalars: Values
    reaches: Mapping[str, list[list[dict[str, int]]]]
    runs: Mapping[str, list[Stepper]]
    world: World


def cases(maker: Maker, made: p.Scenario, steps: dict[str, int]) -> Iterator[Case]:
    for _ in range(CASES):
        scalars = {s.name: maker.value(s.type) for s in made.scalars} | numbers(maker, made)
        rows: list[dict[str, int]] = []
        for _ in range(maker.random.choice((1, 2, 3, 4))):
            rows.append(maker.region(steps, rows[-1] if rows else None))
        present = presence(maker, made, rows, scalars)
        try:
            yield play(maker, made, tuple(rows), present, scalars)
        except Impossible:
            continue


def numbers(maker: Maker, made: p.Scenario) -> dict[str, int]:
    """A value for each number that a quantifier ranges over beside regions, as if it were given; what else is drawn
    stays as it would be without."""
    outer, maker.random = maker.random, Random(maker.random.getstate()[1][0])
    drawn = {each.variable.name: maker.value(each.type) for each in p.indices_of(made.checks)}
    maker.random = outer
    return drawn


def at_numbers(formulas: p.Formulas) -> p.Formulas:
    """What formulas say of the numbers that were drawn for those that they range over."""

    def fixed(formula: p.Formula) -> p.Formula:
        if not isinstance(formula, p.ForAll):
            return formula
        where = formula.where
        for index in reversed(formula.indices):
            below = p.Compare(p.Rel.LT, index.variable, index.bound, BOOL)
            where = p.Logic(p.Junction.AND, below, where, BOOL)
        return replace(formula, where=where, indices=())

    return tuple(replace(each, formula=fixed(each.formula)) for each in formulas)


def presence(maker: Maker, made: p.Scenario, rows: Sequence[Values], scalars: Values) -> dict[str, tuple[int, ...]]:
    """In which maps each row is: in all of them, unless they may differ in it."""
    present: dict[str, list[int]] = {each.name: [] for each in made.maps}
    for row in rows:
        marked = {**row, **dict.fromkeys((*p.MARKS, *RECORD.marks), 0)}
        bound = [
            {each.name, each.like.map}
            for each in made.maps
            if each.like is not None
            and not in_formula(each.like.where)(Environment(scalars, {each.like.variable: marked}))
        ]
        names = [each.name for each in made.maps]
        subsets = [set(chosen) for size in range(1, len(names) + 1) for chosen in combinations(names, size)]
        legal = [chosen for chosen in subsets if all(not chosen & both or both <= chosen for both in bound)]
        chosen = maker.random.choice(legal)
        for name in names:
            present[name].append(int(name in chosen))
    return {name: tuple(flags) for name, flags in present.items()}


@dataclass
class InTurn:
    """An order for each generation of a chain: another one each time that it is asked for."""

    orders: list[tuple[int, ...]]
    asked: int = 0

    def __iter__(self) -> Iterator[int]:
        self.asked += 1
        return iter(self.orders[self.asked - 1])


def play(
    maker: Maker, made: p.Scenario, rows: tuple[Values, ...], present: dict[str, tuple[int, ...]], scalars: Values
) -> Case:
    """Everything that the scenario runs, turn by turn. Raises `Impossible`."""
    runs: dict[str, list[Stepper]] = {}
    reaches: dict[str, list[list[dict[str, int]]]] = {}
    orders: dict[str, InTurn] = {}
    choices: dict[tuple[str, str, int | None], list[int]] = {}
    unmarked = dict.fromkeys((*p.MARKS, *RECORD.marks), 0)
    for run in made.runs:

        def draw(name: str, index: int | None, legal: range, run: p.Run = run) -> int:
            ends = (legal.start, legal[-1], legal[maker.random.randrange(min(legal[-1] - legal[0] + 1, 3)) // 4])
            value = maker.random.choice(ends)
            choices.setdefault((run.name, name, index), []).append(value)
            return value

        if run.handover is None:
            table = [{**row, **unmarked, PRESENT: flag} for row, flag in zip(rows, present[run.source], strict=True)]
            runs[run.name] = [start(run, table, tuple(range(len(rows))), scalars, draw)]
            reaches[run.name] = [table]
            continue
        before, found, reached = runs[run.source][-1], [], []
        orders[run.name] = InTurn([])
        for _ in range(maker.random.randint(1, 3) if run.chained else 1):
            table = [handed(run.handover, region, RECORD) for region in before.regions]
            travels = {p.Travel.FORWARD: before.order, p.Travel.BACKWARD: before.order[::-1]}
            permutation = tuple(maker.random.sample(range(len(rows)), len(rows)))
            orders[run.name].orders.append(permutation)
            order = travels.get(run.handover.travel, permutation)
            before = start(run, table, order, scalars, draw)
            found.append(before)
            reached.append(table)
        runs[run.name], reaches[run.name] = found, reached
    maps = {
        name: tuple(row if flag else None for row, flag in zip(rows, flags, strict=True))
        for name, flags in present.items()
    }

    def again(run: str) -> Chooser:
        def choose(name: str, index: int | None, legal: range) -> int | None:
            drawn = choices[run, name, index]
            return drawn.pop(0) if drawn[0] in legal else None

        return choose

    choosers = {run.name: again(run.name) for run in made.runs}
    generations = {run.name: len(runs[run.name]) for run in made.runs if run.chained}
    unordered = [r.name for r in made.runs if r.handover is not None and r.handover.travel is p.Travel.ANYHOW]
    shuffled: Any = {name: orders[name] for name in unordered}
    world = realise(made, Valuation(maps, scalars, {}, shuffled, generations), choosers)
    for name, steppers in runs.items():
        layout, last = world.layouts[name], steppers[-1]
        there = [row for row in last.order if last.regions[row][PRESENT]]
        assert layout.possible
        assert tuple(map(Identity, there)) == layout.identities
        assert [{**region, PRESENT: 1} for region in layout.regions] == [last.regions[row] for row in there]
        assert list(layout.wrapped) == [wrapped for stepper in steppers for wrapped in stepper.wrapped]
    return Case(rows, present, scalars, reaches, runs, world)


def assumed(maker: Maker, made: p.Scenario, found: Sequence[Case]) -> p.Scenario:
    """The scenario with more assumptions, all of which hold in all cases."""
    check = made.checks[0]
    maps = [each.name for each in made.maps]
    seen = Seen(tuple((s.name, s.type) for s in made.scalars), exact=True)
    trials: list[p.Formula] = [maker.quantified([*maps, *maps, *(r.name for r in made.runs)], seen) for _ in range(9)]
    trials.append(maker.plain(seen))
    for _ in range(3):
        total = maker.total(maker.random.choice([*maps, *maps, *(r.name for r in made.runs)]), seen)
        trials.append(replace(total, bound=max([0, *(sum_of(total, case) for case in found)])))
    more = [trial for trial in trials if all(holds((p.Conjunct("", None, trial),), case.world) for case in found)]
    assumptions = (*check.assumptions, *(p.Conjunct("assumption", None, formula) for formula in more))
    return replace(made, checks=tuple(replace(each, assumptions=assumptions) for each in made.checks))


def sum_of(total: p.TotalAtMost, case: Case) -> int:
    found = 0
    for _, region in case.world.regions(total.regions.name):
        env = Environment(case.scalars, {total.variable: region})
        found += in_formula(total.amount)(env) if in_formula(total.where)(env) else 0
    return found
