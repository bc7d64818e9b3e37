"""Attacks on what is proved, and what they may cost.

The cost is counted, not timed, so that a report says the same on every machine: a run counts what there is in its
algorithm for every region, a formula what there is in it for every region or pair that it is about. That is the most
that the interpreter can have to look at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from itertools import islice
from random import Random
from typing import assert_never

from checker import program as p
from checker.base.values import frozen, mutable
from checker.interpret import Violation, World, alike, counted, holds, instances, realise, violation, violations
from checker.program.records import Identity
from checker.program.valuation import Valuation
from checker.program.walk import expressions
from checker.verify.attack.draw import Chance, Drawer, without
from checker.verify.attack.values import words

_STEPS = 0.03
"""Steps of an attack for each unit of effort of the proof: so many take less than a tenth of the time of the proof."""

_LEAST = 30_000
"""Steps that an attack may take in any case: about a fiftieth of a second. A proof that cost next to nothing, since
the one before it found all that it needs, gets as much."""

_LENGTHS = (2, 3, 2, 4, 3, 6, 2, 5, 3, 12, 4, 8, 3, 24, 2, 48)
"""The lengths of the maps that are drawn, in turn."""

_SHARE = 24
"""A map may cost at most one part in so many of what is left; where it would cost more a shorter one is drawn."""

_NUMBERS = 128
"""The most numbers that the interpreter looks at where a formula is about each below a bound."""

_PRUNINGS = 3
"""The times that regions which break an assumption are taken out of a map before it is given up."""


@frozen
class Attacked:
    """The outcome of an attack that broke nothing: how many maps were drawn, how many kept what is assumed, and on how
    many of those the goal applied to something."""

    drawn: int
    kept: int
    applied: int


@frozen
class Broken:
    """Values that keep what a check assumes and break its goal."""

    values: Valuation
    violation: Violation


@mutable
class Attacker:
    """Attacks checks of a scenario, those with the same assumptions about the same runs with the same maps.

    ``maps`` is how many maps are drawn for each check; None: as many as the effort of the proofs pays for.
    """

    scenario: p.Scenario
    maps: int | None = None
    _fields: dict[object, _Field] = field(default_factory=dict)
    _earned: float = 0
    _spent: int = 0

    def attack(self, check: p.Check, effort: int, seeds: Sequence[Valuation]) -> Attacked | Broken:
        """Try to break a check whose proof took so much effort; ``seeds`` are maps that are said to keep what it
        assumes."""
        runs = _concerned(self.scenario, check)
        key = (tuple(run.name for run in runs), *map(id, check.assumptions))
        if key not in self._fields:
            random = Random(f"{self.scenario.name}")
            self._fields[key] = _Field(replace(self.scenario, runs=runs), check.assumptions, tuple(seeds), random)
        arena = self._fields[key]
        self._earned += effort * _STEPS
        budget = max(_LEAST, int(self._earned) - self._spent)
        cost = _Cost(budget if self.maps is None else None)
        found = arena.fight(check, cost, self.maps)
        self._spent += cost.spent
        return found


@mutable
class _Cost:
    """Steps that may be taken, without end if there is no limit, and those that were."""

    limit: int | None
    spent: int = 0

    def left(self) -> int | None:
        """The steps that may still be spent."""
        return None if self.limit is None else max(0, self.limit - self.spent)

    def spend(self, steps: int) -> bool:
        """Spend some steps, if there are as many."""
        if self.limit is not None and self.spent + steps > self.limit:
            return False
        self.spent += steps
        return True


@frozen
class _Weight:
    """The size of formulas: of all for each region, of those about pairs for each pair."""

    each: int = 1
    pair: int = 0

    @staticmethod
    def of(formulas: p.Formulas) -> _Weight:
        """The weight of some formulas."""
        pairs = [isinstance(each.formula, p.ForAll) and len(each.formula.binders) > 1 for each in formulas]
        weights = [_weight(each.formula) * _numbers(each.formula) for each in formulas]
        return _Weight(1 + sum(weights), sum(weight for weight, pair in zip(weights, pairs, strict=True) if pair))

    def on(self, rows: int) -> int:
        """The steps that it takes to judge the formulas on so many regions."""
        return self.each * (rows + 1) + self.pair * rows * (rows - 1)


@mutable
class _Field:
    """A scenario, what is assumed of it, and the maps that were found to keep that, with all that is made of them."""

    scenario: p.Scenario
    assumptions: p.Formulas
    seeds: tuple[Valuation, ...]
    random: Random
    drawn: int = 0
    kept: list[tuple[int, Valuation, World]] = field(default_factory=list)
    """With the number of the draw that gave it."""

    def __post_init__(self) -> None:
        trees: list[p.Tree] = [each.formula for each in self.assumptions]
        for run in self.scenario.runs:
            trees += [run.algorithm.body, run.arguments]
        for check in self.scenario.checks:
            trees += [] if isinstance(check.goal, p.ExactArithmetic) else [each.formula for each in check.goal]
        constants = words(trees)
        self.drawer = Drawer(self.scenario, constants, self.random, self.seeds)
        self.stream = self._stream()
        self.records = {each.name: each.record for each in self.scenario.maps}
        self.records |= {each.name: each.record for each in self.scenario.beside}
        self.early = tuple(each for each in self.assumptions if set(_lists(each.formula)) <= set(self.records))
        self.late = tuple(each for each in self.assumptions if not set(_lists(each.formula)) <= set(self.records))
        self.early_cost = _Weight.of(self.early)
        self.late_cost = _Weight.of(self.late)
        self.run_cost = sum((3 if run.chained else 1) * _weight(run.algorithm.body) for run in self.scenario.runs)
        self.length = 0

    def fight(self, check: p.Check, cost: _Cost, maps: int | None) -> Attacked | Broken:
        """Judge the check on all maps that are there and on new ones, until the cost or the count is reached."""
        goal = _Weight() if isinstance(check.goal, p.ExactArithmetic) else _Weight.of(check.goal)
        dear = self._costs(goal)
        judged = applied = 0
        drawn = self.drawn
        while True:
            for number, values, world in islice(self.kept, judged, None):
                if maps is not None and number >= maps:
                    break
                if not cost.spend(goal.on(_rows(values))):
                    return Attacked(number, judged, applied)
                judged += 1
                broken = violation(check, world)
                if broken is not None:
                    return self._smallest(check, Broken(values, broken))
                applied += _applies(check, world)
            drawn = self.drawn
            if (maps is not None and drawn >= maps) or not self._draw(cost, dear):
                return Attacked(drawn if maps is None else min(drawn, maps), judged, applied)

    def draw(self, rows: int) -> Valuation | None:
        """Draw values of so many rows; None if they do not keep what is assumed. Some rows may be taken out for it."""
        found = self._judged(self.drawer.drawn(rows), _Cost(None))
        return found[0] if isinstance(found, tuple) else None

    def _draw(self, cost: _Cost, dear: Mapping[int, int]) -> bool:
        """Draw one more map; False if the cost does not allow it. By their length, ``dear`` is what maps cost."""
        self.length = _longest(cost.left(), dear)
        values = next(self.stream)
        number = self.drawn
        self.drawn += 1
        made = self._judged(values, cost)
        if made is None:
            return False
        if isinstance(made, tuple):
            self.kept.append((number, *made))
        return True

    def _costs(self, goal: _Weight) -> dict[int, int]:
        """The cost of a map, by its length, the shortest first."""
        formulas = (goal, self.early_cost, self.late_cost)
        return {n: self.run_cost * n + sum(each.on(n) for each in formulas) for n in sorted(set(_LENGTHS))}

    def _stream(self) -> Iterator[Valuation]:
        """Maps without end: seeds, small ones, those that are drawn, and those that are mutated, in turn."""
        yield from self.seeds
        small = self.drawer.single_rows()
        while True:
            for length in _LENGTHS:
                yield self.drawer.drawn(min(length, self.length))
                if (single := next(small, None)) is not None:
                    yield single
                known = self.kept[-16:]
                if known:
                    _, values, _ = self.random.choice(known)
                    yield self.drawer.mutated(values)

    def _judged(self, values: Valuation, cost: _Cost) -> tuple[Valuation, World] | bool | None:
        """The values, with what was chosen, and their world, if they keep all that is assumed; perhaps after some
        regions were taken out. False if they do not; None if to know that costs too much."""
        for _ in range(_PRUNINGS):
            if not cost.spend(self.early_cost.on(_rows(values))):
                return None
            if not alike(self.scenario, values):
                values = self._made_alike(values)
            maps = World(values.maps, values.scalars, {}, self.records, beside=values.beside)
            guilty = self._guilty(self.early, maps)
            if guilty is None:
                return False
            if guilty == (set(), set()):
                break
            values = without(values, *guilty)
        else:
            return False
        taken = False
        for _ in range(_PRUNINGS):
            if not cost.spend(self.run_cost * _rows(values) + self.late_cost.on(_rows(values))):
                return None
            chance = Chance(values, dict(self.scenario.maps[0].record.inputs), self.random, dict(values.choices))
            world = realise(self.scenario, values, {run.name: chance.chooser(run.name) for run in self.scenario.runs})
            if not all(layout.possible for layout in world.layouts.values()):
                return False
            values = replace(values, choices=dict(chance.made))
            guilty = self._guilty(self.late, world)
            if guilty is None:
                return False
            if guilty == (set(), set()):
                return (values, world) if not taken or holds(self.early, world) else False
            # Neighbours are others afterwards, so that what is assumed of maps has to be judged again.
            values, taken = without(values, *guilty), True
        return False

    def _made_alike(self, values: Valuation) -> Valuation:
        """The values with maps that are like others made the same, row by row, where they may not differ."""
        maps = dict(values.maps)
        for each in self.scenario.maps:
            if each.like is None:
                continue
            pair = (each.like.map, each.name)
            for row in range(_rows(values)):
                one = {name: (column[row],) for name, column in maps.items()}
                alone = replace(self.scenario, maps=tuple(m for m in self.scenario.maps if m.name in pair))
                if not alike(alone, replace(values, maps=one)):
                    region = one[pair[0]][0] if one[pair[0]][0] is not None else one[pair[1]][0]
                    for name in pair:
                        maps[name] = (*maps[name][:row], region, *maps[name][row + 1 :])
        return replace(values, maps=maps)

    def _guilty(self, formulas: p.Formulas, world: World) -> tuple[set[int], set[Identity]] | None:
        """A region of every instance that fails, or an entry, so that the others may keep the formulas; None where none
        is to blame."""
        guilty: set[int] = set()
        entries: set[Identity] = set()
        for broken in violations(formulas, world):
            if broken.entries and not entries & set(broken.entries):
                entries.add(broken.entries[-1])
            elif broken.entries:
                continue
            elif not broken.regions:
                rows = [row for row in range(len(next(iter(world.maps.values())))) if row not in guilty]
                if not rows or broken.explanation[0] != "the total is ":
                    return None
                guilty.update(rows[len(rows) // 2 :])
            elif not guilty & {identity.origin for identity in broken.regions}:
                guilty.add(broken.regions[-1].origin)
        return guilty, entries

    def _smallest(self, check: p.Check, found: Broken) -> Broken:
        """The same with as few regions as can be reached by taking them away one by one."""
        row = 0
        while row < _rows(found.values):
            again = self._breaks(check, without(found.values, {row}))
            if again is None:
                row += 1
            else:
                found, row = again, 0
        for name, entries in found.values.beside.items():
            for number in reversed(range(len(entries))):
                fewer = without(found.values, set(), {Identity(number, beside=name)})
                found = self._breaks(check, fewer) or found
        return found

    def _breaks(self, check: p.Check, values: Valuation) -> Broken | None:
        chance = Chance(values, dict(self.scenario.maps[0].record.inputs), self.random, dict(values.choices))
        if not alike(self.scenario, values):
            return None
        world = realise(self.scenario, values, {run.name: chance.chooser(run.name) for run in self.scenario.runs})
        if not all(layout.possible for layout in world.layouts.values()) or not holds(check.assumptions, world):
            return None
        broken = violation(check, world)
        return None if broken is None else Broken(replace(values, choices=dict(chance.made)), broken)


def draws_kept(scenario: p.Scenario, assumptions: p.Formulas) -> Callable[[str, int], Valuation | None]:
    """Return what draws values for a scenario, by a seed and of at most so many rows, that keep some assumptions; None
    if what is drawn does not."""
    arena = _Field(scenario, assumptions, (), Random())

    def draw(seed: str, rows: int) -> Valuation | None:
        arena.random.seed(seed)
        return arena.draw(rows)

    return draw


def _concerned(scenario: p.Scenario, check: p.Check) -> tuple[p.Run, ...]:
    """The runs that a check is about: those that it names, in its goal or in what it assumes, and those from which
    these come. Of a map on which one of them does not exist, the check says nothing; of the others it says nothing on
    any map."""
    goal = check.goal
    about = {goal.run} if isinstance(goal, p.ExactArithmetic) else {n for each in goal for n in _lists(each.formula)}
    about |= {name for each in check.assumptions for name in _lists(each.formula)}
    for run in reversed(scenario.runs):
        if run.name in about:
            about.add(run.source)
    return tuple(run for run in scenario.runs if run.name in about)


def _lists(formula: p.Formula) -> tuple[str, ...]:
    """The maps and layouts that a formula is about."""
    match formula:
        case p.ForAll(binders=binders):
            return (*(binder.regions.name for binder in binders), *p.ended(formula))
        case p.TotalAtMost(regions=regions):
            return (regions.name,)
        case p.TotalsAtMost() | p.Plain():
            return formula.lists
        case _:
            assert_never(formula)


def _applies(check: p.Check, world: World) -> bool:
    """Tell whether the goal says something of some regions."""
    if isinstance(check.goal, p.ExactArithmetic):
        return any(world.maps.values())
    said, totals = check.quantified, [total for each in check.of_totals for total in each.totals]
    if not said and not totals:
        return True
    applies = (next(instances(formula, world), None) is not None for formula in said)
    return any(applies) or any(next(counted(total, world), None) is not None for total in totals)


def _longest(left: int | None, dear: Mapping[int, int]) -> int:
    """The longest map that does not cost too much of what is left; ``dear`` is what each costs."""
    shortest, *_ = dear
    return max((n for n, cost in dear.items() if left is None or cost * _SHARE <= left), default=shortest)


def _rows(values: Valuation) -> int:
    return len(next(iter(values.maps.values())))


def _numbers(formula: p.Formula) -> int:
    """The most numbers that are looked at for each region, or pair of regions, that a formula is about."""
    return _NUMBERS if isinstance(formula, p.ForAll) and formula.indices else 1


def _weight(tree: p.Tree) -> int:
    """Count the expressions in a tree."""
    return 1 + sum(1 for _ in expressions(tree))
