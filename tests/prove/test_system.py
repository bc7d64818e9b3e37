"""Every real run is a path of the prover's loop system, and keeps every invariant that was found for it.

Random scenarios are run turn by turn. For every choice of witnesses the states of the real run are put in the place of
the system's variables: each turn must be one of the steps, lead where the step says, and lose what the step says; what
the prover takes for granted, and the invariants that it kept, must hold at every head of every loop.

`MAPPROOF_SEEDS=1000:3000` runs another, longer series.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations, pairwise, product
from typing import Any

import pytest
import z3

from checker import program as p
from checker.interpret import Values, World, holds, realise
from checker.interpret.evaluate import Environment, evaluate
from checker.program import types as t
from checker.program.valuation import Valuation
from checker.prove import Limits, engine
from checker.prove.invariants import mine
from checker.prove.invariants.houdini import inductive
from checker.prove.proof.goals import Goal, _claim
from checker.prove.proof.goals import solve as follow
from checker.prove.system import inputs
from checker.prove.system.inputs import PRESENT
from checker.prove.system.loop import Loop, Neighbours, Track
from checker.prove.system.system import System
from checker.prove.terms.encode import Overflow, Value
from checker.prove.terms.numbers import Num, OutOfReachError
from checker.prove.terms.solver import Effort
from checker.verify import replay
from tests.helpers.loading import load_source
from tests.oracles.ground import Bundle, literal, pair
from tests.oracles.stepwise import Impossible, Stepper, handed, start
from tests.writers.programs import RECORD, Maker, Seen, scenario

CHUNKS, SIZE = 4, 8
CASES = 3
GOALS = 20

Pairs = list[tuple[Any, Any]]


def series() -> list[range]:
    text = os.environ.get("MAPPROOF_SEEDS", f"0:{CHUNKS * SIZE}")
    first, last = map(int, text.split(":"))
    return [range(first, min(first + SIZE, last)) for first in range(first, last, SIZE)]


# --- cases


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
        scalars = {s.name: maker.value(s.type) for s in made.scalars}
        rows: list[dict[str, int]] = []
        for _ in range(maker.random.choice((1, 2, 3, 4))):
            rows.append(maker.region(steps, rows[-1] if rows else None))
        present = presence(maker, made, rows, scalars)
        try:
            yield play(maker, made, tuple(rows), present, scalars)
        except Impossible:
            continue


def presence(maker: Maker, made: p.Scenario, rows: Sequence[Values], scalars: Values) -> dict[str, tuple[int, ...]]:
    """In which maps each row is: in all of them, unless they may differ in it."""
    present: dict[str, list[int]] = {each.name: [] for each in made.maps}
    for row in rows:
        marked = {**row, **dict.fromkeys((*p.MARKS, *RECORD.marks), 0)}
        bound = [
            {each.name, each.like.map}
            for each in made.maps
            if each.like is not None
            and not evaluate(each.like.where, Environment(scalars, {each.like.variable: marked}, exact=True))
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
    again = {key: iter(drawn) for key, drawn in choices.items()}
    choosers = {run.name: (lambda n, i, legal, r=run.name: next(again[r, n, i])) for run in made.runs}
    generations = {run.name: len(runs[run.name]) for run in made.runs if run.chained}
    unordered = [r.name for r in made.runs if r.handover is not None and r.handover.travel is p.Travel.ANYHOW]
    shuffled: Any = {name: orders[name] for name in unordered}
    world = realise(made, Valuation(maps, scalars, {}, shuffled, generations), choosers)
    for name, steppers in runs.items():
        layout, last = world.layouts[name], steppers[-1]
        there = [row for row in last.order if last.regions[row][PRESENT]]
        assert layout.possible
        assert tuple(there) == layout.origins
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
        env = Environment(case.scalars, {total.variable: region}, exact=True)
        found += evaluate(total.amount, env) if evaluate(total.where, env) else 0
    return found


# --- systems


Entry = tuple[str, int]
"""A run, and how often it was followed: only chained ones are followed more than once."""


@dataclass
class Solved:
    """A system as the engine solves it, with what is needed to find one's way in it."""

    system: Any = None
    facts: tuple[Any, ...] = ()
    loops: list[tuple[tuple[Entry, ...], Prepared]] = field(default_factory=list)
    entries: dict[str, int] = field(default_factory=dict)
    fresh: dict[int, Entry] = field(default_factory=dict)
    """By number, who made the variables of choices outside passes."""
    straight: list[tuple[Entry, Overflow]] = field(default_factory=list)
    """What operators outside passes owe."""

    @cached_property
    def free(self) -> dict[str, Any]:
        """The free variables of everything."""
        terms = [*self.facts, *(overflow.condition for _, overflow in self.straight)]
        terms += [term for _, prepared in self.loops for term in prepared.free.values()]
        terms += [term for _, prepared in self.loops for step in prepared.open for term in step.values()]
        for row in self.system.rows:
            terms += raw([*row.fields.values(), *row.present.values()])
        for regions in self.system.layouts.values():
            terms += raw([value for region in regions for value in region.values()])
        return variables(terms)

    @cached_property
    def before_late(self) -> Bundle:
        """The same, without the assumptions about layouts."""
        return Bundle(list(self.system.facts))

    @cached_property
    def at_end(self) -> Bundle:
        """What is known in the end."""
        return Bundle(list(self.facts))


def solve(
    monkeypatch: pytest.MonkeyPatch, made: p.Scenario, count: int, neighbours: Neighbours | None, reach: mine.Stage
) -> Solved:
    """Solve a system, watching. Raises `OutOfReachError`."""
    solved = Solved()
    enter, straight, owe = System._enter, System._straight, System._add_obligations

    def noted(loop: Loop, facts: Sequence[Any], candidates: Sequence[Any], effort: Effort) -> list[Any]:
        found = inductive(loop, facts, candidates, effort)
        solved.loops.append((tuple((n, solved.entries[n]) for n in loop.view.tracks), Prepared(loop, found)))
        return found

    def entering(self: System, track: Track, moving: list[Track]) -> None:
        solved.entries[track.run.name] = solved.entries.get(track.run.name, 0) + 1
        enter(self, track, moving)

    def stepping(self: System, statement: p.Statement, track: Track) -> None:
        before = self.names
        straight(self, statement, track)
        entry = track.run.name, solved.entries[track.run.name]
        solved.fresh.update(dict.fromkeys(range(before + 1, self.names + 1), entry))

    def owing(self: System, overflows: Any, *premises: Any) -> None:
        overflows = list(overflows)
        if not premises:
            solved.straight += [((run, solved.entries[run]), overflow) for run, overflow in overflows]
        owe(self, overflows, *premises)

    limits = Limits(effort=400_000, per_query=100_000)
    group = engine._Group(made, made.checks, replay.breaks, replay.applies, limits)
    with monkeypatch.context() as patch:
        patch.setattr(engine, "inductive", noted)
        patch.setattr(System, "_enter", entering)
        patch.setattr(System, "_straight", stepping)
        patch.setattr(System, "_add_obligations", owing)
        found = group._solve(count, neighbours, reach)
    solved.system, solved.facts = found.system, found.facts
    return solved


def variables(terms: Sequence[Any]) -> dict[str, Any]:
    """The free variables of terms."""
    found: dict[str, Any] = {}
    todo, seen = list(terms), set()
    while todo:
        term = todo.pop()
        if term.get_id() in seen:
            continue
        seen.add(term.get_id())
        if z3.is_const(term) and term.decl().kind() == z3.Z3_OP_UNINTERPRETED:
            found[term.decl().name()] = term
        todo += term.children()
    return found


def raw(values: Sequence[Value]) -> list[Any]:
    return [v.at(v.scale) if isinstance(v, Num) else v for v in values]


@dataclass
class Prepared:
    """A loop, ready to be looked at in many states."""

    loop: Loop
    invariants: Sequence[Any]

    def __post_init__(self) -> None:
        self.at_head = Bundle([*self.loop.facts, *self.invariants])
        self.at_start = Bundle(list(self.loop.start.values()))
        self.free = variables(raw([*self.loop.facts, *self.loop.start.values()]))
        self.steps, self.open = [], []
        for step in self.loop.steps:
            values = [step.constraint, *step.after.values(), *(overflow.condition for _, overflow in step.overflows)]
            self.steps.append(Bundle(values))
            self.open.append(variables(raw(values)))


class Follower:
    """Follows a real run through a system, for one choice of witnesses.

    A chain is looked at as its generation ``later`` left it, and followed through the one after that, if there is one.
    """

    def __init__(self, solved: Solved, case: Case, chosen: tuple[int, ...], later: Mapping[str, int]) -> None:
        self.solved, self.case, self.chosen, self.later = solved, case, chosen, later
        self.given: inputs.Inputs = solved.system.given
        self.scales = inputs._scales(self.given)
        self.chained = {run.name for run in self.given.scenario.runs if run.chained}
        self.last = {name: solved.entries[name] for name in self.chained}
        self.fixed: Pairs = [pair(self.given.scalars[name], value) for name, value in case.scalars.items()]
        self.lost: dict[Entry, int] = {(name, n): 0 for name, last in solved.entries.items() for n in (1, last)}

    def generation(self, entry: Entry) -> Stepper | None:
        """The real run that an entry stands for; None for tries at a chain that came to nothing."""
        name, number = entry
        steppers = self.case.runs[name]
        if name not in self.chained or number == 1:
            return steppers[0]
        return steppers[self.later[name]] if number == self.last[name] and self.later[name] < len(steppers) else None

    def follow(self) -> None:
        free = self.solved.free
        self.fixed += [found for name, term in free.items() if (found := self.known(name, term)) is not None]
        for entries, prepared in self.solved.loops:
            if all(self.generation(entry) is not None for entry in entries):
                self.loop(entries, prepared)
        # Assumptions about what a chain leaves speak of its end only.
        self.all_true(self.solved.at_end if self.whole else self.solved.before_late, self.fixed, "in the end")
        self.ends()

    @property
    def whole(self) -> bool:
        """Whether every chain is looked at as its last generation left it."""
        return all(self.later[name] == len(self.case.runs[name]) for name in self.chained)

    def known(self, name: str, term: Any) -> tuple[Any, Any] | None:
        """The value of a variable that does not belong to one loop."""
        if match := re.fullmatch(r"w(\d)\.(.+)", name):
            value = self.case.rows[self.chosen[int(match[1]) - 1]][match[2]]
            return term, literal(term, value // self.scales.get(match[2], 1))
        if match := re.fullmatch(r"w(\d) in (.+)", name):
            return term, literal(term, self.case.present[match[2]][self.chosen[int(match[1]) - 1]])
        if match := re.fullmatch(r"(\w+)\.w(\d)!\d+([.:])(.+)", name):
            # A witness as it reaches a run; or, for a chain, as some generation left it.
            run, row, key = match[1], self.chosen[int(match[2]) - 1], match[4]
            left = self.case.runs[run][self.later[run] - 1].regions if run in self.chained else []
            region = left or self.case.reaches[run][0]
            return term, literal(term, region[row][PRESENT if match[3] == ":" else key])
        if match := re.fullmatch(r"(\w+)!(\d+)", name):
            stepper = self.generation(self.solved.fresh[int(match[2])])
            return term, z3.IntVal(stepper.chosen[match[1]] if stepper is not None else 0)
        return None

    def state(self, loop: Loop, walks: Mapping[str, Any], order: tuple[int, ...], turn: int) -> dict[str, int]:
        """The state of the system's variables before a turn, but for what it adds up."""
        values: dict[str, int] = {}
        for name in loop.head:
            if match := re.fullmatch(r"(\w+)\.w(\d)\.(.+)", name):
                head = walks[match[1]].heads[turn]
                values[name] = head.regions[self.chosen[int(match[2]) - 1]][match[3]]
            elif match := re.fullmatch(r"seen(\d)", name):
                values[name] = int(self.chosen[int(match[1]) - 1] in order[:turn])
            elif match := re.fullmatch(r"(\w+):stopped", name):
                values[name] = int(walks[match[1]].heads[turn].stopped)
            elif match := re.fullmatch(r"(\w+)\.(\w+)", name):
                values[name] = walks[match[1]].heads[turn].scalars[match[2]]
        return values

    def loop(self, entries: tuple[Entry, ...], prepared: Prepared) -> None:
        loop, walks = prepared.loop, {}
        for entry in entries:
            stepper = self.generation(entry)
            assert stepper is not None
            taken = self.passes.setdefault(entry, iter(stepper.walks))
            walks[entry[0]] = next(taken)
        order = next(iter(walks.values())).order
        assert all(walk.order == order for walk in walks.values()), "passes in step that go different ways"
        values = dict(zip(loop.start, prepared.at_start.at(self.fixed), strict=True))
        numbers = dict(entries)
        for turn, row in enumerate(order):
            expected = self.state(loop, walks, order, turn)
            assert {name: values[name] for name in expected} == expected, f"before turn {turn}"
            pairs = self.fixed + [pair(loop.head[name], value) for name, value in values.items()]
            self.all_true(prepared.at_head, pairs, "at the head of a loop")
            which = self.chosen.index(row) + 1 if row in self.chosen else 0
            pairs += self.other(prepared.open[which], numbers, walks, row, turn)
            found = prepared.steps[which].at(pairs)
            step = loop.steps[which]
            assert found[0], f"no such step: {step.name}"
            values = dict(zip(step.after, found[1:], strict=False))
            overflows = found[1 + len(values) :]
            for (run, _), value in zip(step.overflows, overflows, strict=True):
                self.lost[run, numbers[run]] += value
        expected = self.state(loop, walks, order, len(order))
        assert {name: values[name] for name in expected} == expected, "after a loop"
        self.fixed += [pair(loop.head[name], value) for name, value in values.items()]
        self.all_true(prepared.at_head, self.fixed, "after a loop")

    def ends(self) -> None:
        straight = [(entry, overflow) for entry, overflow in self.solved.straight if self.generation(entry) is not None]
        conditions = Bundle([overflow.condition for _, overflow in straight]).at(self.fixed)
        for value, (entry, _) in zip(conditions, straight, strict=True):
            self.lost[entry] += value
        for entry, value in self.lost.items():
            stepper = self.generation(entry)
            if stepper is not None:
                assert value == len(stepper.wrapped), "what is lost"
        for name, regions in self.solved.system.layouts.items():
            for row, fields in zip(self.chosen, regions, strict=True):
                values = dict(zip(fields, Bundle(list(fields.values())).at(self.fixed), strict=True))
                if name in self.case.present:
                    assert values[PRESENT] == self.case.present[name][row]
                else:
                    steppers = self.case.runs[name]
                    left = steppers[self.later[name] - 1] if name in self.chained else steppers[-1]
                    assert values == left.regions[row], f"a witness in {name}"

    def other(
        self, free: Mapping[str, Any], numbers: Mapping[str, int], walks: Mapping[str, Any], row: int, turn: int
    ) -> Pairs:
        """Values for what only this step speaks of: another region's fields, and choices."""
        found: Pairs = []
        for name, term in free.items():
            if match := re.fullmatch(r"loop\d+:x\.(\w+)", name):
                value = self.case.rows[row][match[1]]
                scale = self.scales.get(match[1], 1)
                found.append((term, literal(term, value // scale)))
            elif match := re.fullmatch(r"loop\d+:x in (\w+)", name):
                found.append((term, literal(term, self.case.present[match[1]][row])))
            elif match := re.fullmatch(r"loop\d+:(\w+):x(:|'\.)(\w+)", name):
                region = walks[match[1]].heads[turn].regions[row]
                found.append((term, literal(term, region[PRESENT if match[2] == ":" else match[3]])))
            elif match := re.fullmatch(r"loop\d+:(\w+):(c\d+)", name):
                found.append((term, z3.IntVal(walks[match[1]].chosen[turn].get(match[2], 0))))
        return found

    @property
    def passes(self) -> dict[Entry, Iterator[Any]]:
        return self.__dict__.setdefault("_passes", {})

    def all_true(self, bundle: Bundle, pairs: Pairs, where: str) -> None:
        if not bundle.all_true(pairs):
            for value, term in zip(bundle.at(pairs), bundle.terms, strict=True):
                assert value, f"{where}: {term}"
            raise AssertionError(where)


# --- the test


def witnesses(made: p.Scenario, case: Case, count: int, neighbours: Neighbours | None) -> Iterator[tuple[int, ...]]:
    if neighbours is None:
        yield from combinations(range(len(case.rows)), count)
        return
    regions = neighbours.regions
    members = [
        number
        for number, fields in case.world.regions(regions.name)
        if evaluate(regions.where, Environment(case.scalars, {regions.variable: fields}, exact=True))
    ]
    yield from (tuple(sorted(both)) for both in pairwise(members))


def configurations(made: p.Scenario, seed: int) -> Iterator[tuple[int, Neighbours | None, mine.Stage]]:
    reaches = list(mine.Stage)
    yield 0, None, mine.Stage.BASIC
    yield 1, None, reaches[-1]
    yield 2, None, mine.Stage.BASIC if seed % 4 else reaches[-1]
    for conjunct in made.checks[0].goal:  # type: ignore[union-attr]
        formula = conjunct.formula
        if isinstance(formula, p.ForPair) and formula.order is p.Order.NEXT:
            yield 2, Neighbours(formula.regions), mine.Stage.BASIC


def examine(monkeypatch: pytest.MonkeyPatch, seed: int) -> int:
    """Follow every case of a scenario through every system of it. Returns how often."""
    maker, made, steps = scenario(seed, assumed=0)
    found = tuple(cases(maker, made, steps))
    if not found:
        return 0
    made = assumed(maker, made, found)
    scales = inputs._scales(inputs.inputs(made, made.checks[0].assumptions))
    if any(row[name] % scale for case in found for row in case.rows for name, scale in scales.items()):
        return 0
    followed = 0
    names = [*(each.name for each in made.maps), *(run.name for run in made.runs)]
    seen = Seen(tuple((s.name, s.type) for s in made.scalars), exact=True)
    formulas = [maker.quantified(names, seen) for _ in range(GOALS)]
    formulas += [compared(maker, name, order) for name in names for order in p.Order for _ in range(3)]
    for count, neighbours, reach in configurations(made, seed):
        try:
            solved = solve(monkeypatch, made, count, neighbours, reach)
        except OutOfReachError:
            continue
        goals = Claims(solved, formulas, count, neighbours)
        for case in found:
            holding = [True] * len(goals.formulas)
            for chosen in witnesses(made, case, count, neighbours):
                for later in generations(made, case):
                    followed += 1
                    follower = Follower(solved, case, chosen, later)
                    try:
                        follower.follow()
                    except AssertionError as error:
                        where = f"seed {seed}, witnesses {chosen}, generation {later}, {neighbours}"
                        raise AssertionError(f"{where}: {error}") from error
                    if follower.whole:
                        said = goals.bundle.at(follower.fixed)
                        holding = [holds and bool(value) for holds, value in zip(holding, said, strict=True)]
            for formula, unbroken in zip(goals.formulas, holding, strict=True):
                kept = holds((p.Conjunct("", None, formula),), case.world)
                assert kept or not unbroken, f"seed {seed}, {neighbours}: what breaks it is not seen: {formula}"
    return followed


def generations(made: p.Scenario, case: Case) -> Iterator[dict[str, int]]:
    """The generations at which to look at the chains. What goes on with the end of a chain is about its last one."""
    names = [run.name for run in made.runs if run.chained]
    sources = {run.source for run in made.runs}
    ranges = [range(len(case.runs[n]) if n in sources else 1, len(case.runs[n]) + 1) for n in names]
    yield from (dict(zip(names, each, strict=True)) for each in product(*ranges))


def compared(maker: Maker, name: str, order: p.Order) -> p.ForPair:
    """That a field rises along a list, or the like: what depends on the order in which a list is taken to be."""
    field, kind = maker.random.choice([each for each in RECORD.inputs if isinstance(each[1], t.Integer)])
    rel = maker.random.choice((p.Rel.LE, p.Rel.LT, p.Rel.NE))
    body = p.Compare(rel, p.Field(kind, "a", field), p.Field(kind, "b", field), t.BOOL)
    everything = p.Regions(name, "", p.Const(t.BOOL, 1))
    return p.ForPair(everything, "a", "b", order, p.Const(t.BOOL, 1), body, None, maker.span())


class Claims:
    """Formulas as what a proof with so many witnesses has to show of them, those for which it needs so many."""

    def __init__(
        self, solved: Solved, formulas: Sequence[p.Quantified], count: int, neighbours: Neighbours | None
    ) -> None:
        self.formulas: list[p.Quantified] = []
        terms = []
        for each in formulas:
            formula = each
            if neighbours is not None and isinstance(each, p.ForPair):
                formula = replace(each, regions=neighbours.regions, order=p.Order.NEXT)
            goal = Goal("", formula)
            if (goal.count, goal.neighbours) == (count, neighbours):
                try:
                    terms.append(_claim(formula, solved.system))
                except OutOfReachError:
                    continue
                self.formulas.append(formula)
        self.bundle = Bundle(terms)


@pytest.mark.parametrize("seeds", series(), ids=lambda seeds: f"{seeds.start}")
def test_real_runs_are_paths(seeds: range, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sum(examine(monkeypatch, seed) for seed in seeds) > 5 * len(seeds)


# --- kernels in a chain: what few random runs come to


def loops_of(made: p.Scenario, run: str, count: int, neighbours: Neighbours | None = None) -> list[Loop]:
    """The loops of a run, none of which has an invariant; of a chain, those of its first kernel and of a later one."""
    loops: list[Loop] = []

    def infer(loop: Loop, _: Sequence[Any]) -> list[Any]:
        loops.append(loop)
        return []

    given = inputs.inputs(made, made.checks[0].assumptions)
    follow(given, count, neighbours, infer, lambda _, claims: [True] * len(claims))
    return [loop for loop in loops if run in loop.view.tracks]


@pytest.mark.parametrize(("end", "possible"), [("next", False), ("last", True)])
def test_others_may_have_stood_between_neighbours_at_the_end_of_a_chain(end: str, possible: bool) -> None:
    """What a kernel in the middle has placed between them need not have been passed on; the last kernel's own list is
    another matter."""
    (made,) = load_source(
        """
        handover some(layout: Layout) { pass region where region.type != MMIO  type: u32  virt_addr: u64 }
        algorithm keep(map: MemoryMap) {
            for r in map { place r at r.virt_addr  if r.type == ACPI_NVS { r.type = MMIO } }
        }
        property touching(layout: Layout) =
            each a next b in [r in layout where r.placed]: a.virt_end == b.virt_addr
        scenario s {
            given map: MemoryMap
            let first = keep(map)
            let next = keep(some(first))
            let last = repeat keep(some(first))
            check touching(next), touching(last)
        }
        """
    ).scenarios
    goals = [check.goal[0].formula for check in made.checks if not isinstance(check.goal, p.ExactArithmetic)]
    (goal,) = (goal for goal in goals if isinstance(goal, p.ForPair) and goal.regions.name == end)
    found = loops_of(made, end, 2, Neighbours(goal.regions))
    assert len(found) == (2 if end == "last" else 1)
    for loop in found:
        solver = z3.Solver()
        solver.add(*loop.facts, loop.steps[0].constraint, loop.head["seen1"], z3.Not(loop.head["seen2"]))
        terms = variables([loop.steps[0].constraint, *raw(list(loop.steps[0].after.values()))])
        solver.add(*(term for name, term in terms.items() if name.endswith(f":{end}:x:present")))
        solver.add(*(term == 0 for name, term in terms.items() if name.endswith(":x.type")))  # it is handed over
        assert (solver.check() == z3.sat) == possible


def test_a_later_kernel_of_a_chain_meets_what_the_one_before_has_written() -> None:
    (made,) = load_source(
        """
        handover all_of_it(layout: Layout) { pass region where true  type: u32  num_pages: u64 }
        algorithm nothing(map: MemoryMap) { for r in map { drop r } }
        algorithm look(map: MemoryMap) {
            var met: bool = false
            for r in map { if r.type == MMIO { met = true }  if r.num_pages == 3 { r.type = MMIO } }
        }
        property fine(layout: Layout) = each r in layout: r.num_pages == r.num_pages
        scenario s {
            given map: MemoryMap where each r in map: r.type != MMIO
            let first = nothing(map)
            let last = repeat look(all_of_it(first))
            check fine(last)
        }
        """
    ).scenarios
    met = []
    for loop in loops_of(made, "last", 1):
        solver = z3.Solver()
        solver.add(*loop.facts, loop.steps[0].constraint, z3.Not(loop.head["last.met"]))
        solver.add(loop.steps[0].after["last.met"])
        met.append(solver.check() == z3.sat)
    assert met == [False, True], "in the first kernel, and in a later one"
