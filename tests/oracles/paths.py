"""Every real run is a path of the prover's loop system, and keeps every invariant that was found for it.

Random scenarios are run turn by turn. For every choice of witnesses the states of the real run are put in the place of
the system's variables: each turn must be one of the steps, lead where the step says, and lose what the step says; what
the prover takes for granted, and the invariants that it kept, must hold at every head of every loop.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise, product
from typing import Any, assert_never

from checker import program as p
from checker.interpret import holds
from checker.interpret.evaluate import Environment, in_formula
from checker.program import types as t
from checker.prove.invariants.templates import Stage
from checker.prove.proof.goals import Goal
from checker.prove.system import inputs
from checker.prove.system.inputs import PRESENT
from checker.prove.system.loop import Loop, Neighbours
from checker.prove.system.state import (
    HadTurn,
    Held,
    Passed,
    Placed,
    Remembered,
    RunVariable,
    Spent,
    StateVar,
    Stopped,
    Tallied,
    WitnessField,
)
from checker.prove.terms.numbers import Num, OutOfReachError
from tests.helpers import seams
from tests.helpers.prover import claim
from tests.oracles.cases import Case, assumed, cases
from tests.oracles.ground import Bundle, literal, pair
from tests.oracles.stepwise import Stepper, Walk
from tests.oracles.watched import Entry, Prepared, Solved, solve
from tests.writers.programs import ORDERS, RECORD, Maker, Seen, for_two

GOALS = 20

Pairs = list[tuple[Any, Any]]

Write = Callable[..., tuple[Maker, p.Scenario, dict[str, int]]]
"""A writer of random scenarios, by a seed, and how much they assume."""


class Follower:
    """Follows a real run through a system, for one choice of witnesses.

    A chain is looked at as its generation ``later`` left it, and followed through the one after that, if there is one.
    """

    def __init__(self, solved: Solved, case: Case, chosen: tuple[int, ...], later: Mapping[str, int]) -> None:
        self.solved, self.case, self.chosen, self.later = solved, case, chosen, later
        self.given: inputs.Inputs = solved.system.given
        self.scales = seams.SCALES.now(self.given)
        self.chained = {run.name for run in self.given.scenario.runs if run.chained}
        self.last = {name: solved.entries[name] for name in self.chained}
        self.fixed: Pairs = [pair(self.given.scalars[name], value) for name, value in case.scalars.items()]
        self.past: dict[str, Mapping[str, Any]] = {}
        """By what the names of its variables begin with: the passes of a loop that is over."""
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
            return term, literal(term, stepper.chosen[match[1]] if stepper is not None else 0)
        return None

    def state(self, loop: Loop, walks: Mapping[str, Any], order: tuple[int, ...], turn: int) -> dict[StateVar, int]:
        """The state of the system's variables before a turn, but for what it adds up."""
        values: dict[StateVar, int] = {}
        for key in loop.head:
            match key:
                case WitnessField(run=run, witness=witness, name=name):
                    values[key] = walks[run].heads[turn].regions[self.chosen[witness]][name]
                case HadTurn(witness=witness):
                    values[key] = int(self.chosen[witness] in order[:turn])
                case Stopped(run=run):
                    values[key] = int(walks[run].heads[turn].stopped)
                case RunVariable(run=run, name=name):
                    values[key] = walks[run].heads[turn].scalars[name]
                case Remembered(run=run, witness=witness, previous=previous):
                    row = walks[run].heads[turn].remembered.get(previous)
                    values[key] = int(row == self.chosen[witness])
                case Spent() | Passed() | Held() | Placed() | Tallied():
                    pass
                case _:
                    assert_never(key)
        return values

    def loop(self, entries: tuple[Entry, ...], prepared: Prepared) -> None:
        loop, walks = prepared.loop, {}
        for entry in entries:
            stepper = self.generation(entry)
            assert stepper is not None
            taken = self.passes.setdefault(entry, iter(self.walks(entry, stepper)))
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
        if self.chosen:
            self.past[str(loop.head[HadTurn(0)]).removesuffix(f".{HadTurn(0)}")] = walks

    def walks(self, entry: Entry, stepper: Stepper) -> list[Walk]:
        """The passes of a run that there are loops for; no other one may be made."""
        never = self.solved.idle[entry]
        idle = [any(each is walk.statement for each in never) for walk in stepper.walks]
        made = [walk for walk, skipped in zip(stepper.walks, idle, strict=True) if skipped and walk.live]
        assert not made, "a pass is made that the arguments are said to rule out"
        return [walk for walk, skipped in zip(stepper.walks, idle, strict=True) if not skipped]

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
            elif match := re.fullmatch(r"loop\d+:(\w+):x(:|'\.)([\w.]+)", name):
                region = walks[match[1]].heads[turn].regions[row]
                found.append((term, literal(term, region[PRESENT if match[2] == ":" else match[3]])))
            elif match := re.fullmatch(r"(loop\d+):x\*:((\w+)\.w\d\.(.+))", name):
                value = walks[match[3]].heads[turn].regions[row][match[4]]
                found.append((term, literal(term, value // self.scale_of(f"{match[1]}.{match[2]}"))))
            elif match := re.fullmatch(r"loop\d+:x':(\d+)", name):
                found.append((term, self.of_other(self.solved.system.owners.own[int(match[1])][0], row)))
            elif match := re.fullmatch(r"loop\d+:(\w+):(c\d+)", name):
                found.append((term, literal(term, walks[match[1]].chosen[turn].get(match[2], 0))))
        return found

    def of_other(self, own: Any, row: int) -> Any:
        """The value that a variable of the first witness would have if the witness were the region ``row``."""
        name = own.decl().name()
        if match := re.fullmatch(r"(loop\d+)\.(\w+)\.w1\.(.+)", name):
            value = self.past[match[1]][match[2]].heads[-1].regions[row][match[3]]
            return literal(own, value // self.scale(own))
        if match := re.fullmatch(r"(loop\d+)\.(\w+):w1:(\w+)", name):
            return literal(own, self.past[match[1]][match[2]].heads[-1].remembered.get(match[3]) == row)
        assert re.fullmatch(r"loop\d+\.seen1", name), name
        return literal(own, 1)

    def scale(self, own: Any) -> int:
        """The units in which a variable counts."""
        return self.scale_of(own.decl().name())

    def scale_of(self, name: str) -> int:
        """The units in which the variable with this name counts."""
        values = [value for _, prepared in self.solved.loops for value in prepared.loop.head.values()]
        numbers = (each for each in values if isinstance(each, Num))
        return next((each.scale for each in numbers if each.term.decl().name() == name), 1)

    @property
    def passes(self) -> dict[Entry, Iterator[Any]]:
        return self.__dict__.setdefault("_passes", {})

    def all_true(self, bundle: Bundle, pairs: Pairs, where: str) -> None:
        if not bundle.all_true(pairs):
            for value, term in zip(bundle.at(pairs), bundle.terms, strict=True):
                assert value, f"{where}: {term}"
            raise AssertionError(where)


def witnesses(made: p.Scenario, case: Case, count: int, neighbours: Neighbours | None) -> Iterator[tuple[int, ...]]:
    if neighbours is None:
        yield from combinations(range(len(case.rows)), count)
        return
    regions = neighbours.regions
    members = [
        identity.origin
        for identity, fields in case.world.regions(regions.name)
        if in_formula(regions.where)(Environment(case.scalars, {regions.variable: fields}))
    ]
    yield from (tuple(sorted(both)) for both in pairwise(members))


def configurations(made: p.Scenario, seed: int) -> Iterator[tuple[int, Neighbours | None, Stage]]:
    reaches = list(Stage)
    yield 0, None, Stage.BASIC
    yield 1, None, reaches[-1]
    yield 2, None, Stage.BASIC if seed % 4 else reaches[-1]
    for conjunct in made.checks[0].goal:  # type: ignore[union-attr]
        formula = conjunct.formula
        if isinstance(formula, p.ForAll) and formula.relation is p.Relation.NEXT:
            yield 2, Neighbours(formula.regions), Stage.BASIC


def examine(seed: int, write: Write) -> int:
    """Follow every case of a scenario through every system of it. Returns how often."""
    maker, made, steps = write(seed, assumed=0)
    found = tuple(cases(maker, made, steps))
    if not found:
        return 0
    made = assumed(maker, made, found)
    scales = seams.SCALES.now(inputs.inputs(made, made.checks[0].assumptions))
    if any(row[name] % scale for case in found for row in case.rows for name, scale in scales.items()):
        return 0
    followed = 0
    names = [*(each.name for each in made.maps), *(run.name for run in made.runs)]
    seen = Seen(tuple((s.name, s.type) for s in made.scalars), exact=True)
    formulas = [maker.quantified(names, seen) for _ in range(GOALS)]
    formulas += [compared(maker, name, order) for name in names for order in ORDERS for _ in range(3)]
    for count, neighbours, stage in configurations(made, seed):
        try:
            solved = solve(made, count, neighbours, stage)
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


def compared(maker: Maker, name: str, order: p.Relation) -> p.ForAll:
    """That a field rises along a list, or the like: what depends on the order in which a list is taken to be."""
    field, kind = maker.random.choice([each for each in RECORD.inputs if isinstance(each[1], t.Integer)])
    rel = maker.random.choice((p.Rel.LE, p.Rel.LT, p.Rel.NE))
    body = p.Compare(rel, p.Field(kind, "a", field), p.Field(kind, "b", field), t.BOOL)
    everything = p.Regions(name, "", p.Const(t.BOOL, 1))
    return for_two(everything, everything, order, p.Const(t.BOOL, 1), body, maker.span())


class Claims:
    """Formulas as what a proof with so many witnesses has to show of them, those for which it needs so many."""

    def __init__(self, solved: Solved, formulas: Sequence[p.ForAll], count: int, neighbours: Neighbours | None) -> None:
        self.formulas: list[p.ForAll] = []
        terms = []
        for each in formulas:
            formula = each
            if neighbours is not None and each.arity == 2:
                formula = for_two(
                    neighbours.regions, neighbours.regions, p.Relation.NEXT, each.where, each.body, each.span
                )
            goal = Goal("", formula)
            if (goal.count, goal.neighbours) == (count, neighbours):
                try:
                    terms.append(claim(formula, solved.system))
                except OutOfReachError:
                    continue
                self.formulas.append(formula)
        self.bundle = Bundle(terms)
