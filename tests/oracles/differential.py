"""The interpreter against the prover's terms: random programs on random maps, everything compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from checker import program as p
from checker.interpret import Chooser, World, alike, counted, holds, instances, realise, violation
from checker.program import types as t
from checker.program.records import Identity
from checker.program.valuation import Valuation
from checker.program.walk import asked_where
from checker.prove.search.execution import Lineage
from checker.prove.search.shapes import shapes
from checker.prove.search.unroll import Unrolled
from checker.prove.system import inputs
from checker.prove.system.inputs import PRESENT
from checker.prove.terms.encode import TRUE, Value
from checker.prove.terms.numbers import Num, OutOfReachError
from tests.helpers import seams
from tests.oracles.cases import at_numbers, numbers
from tests.oracles.ground import Bundle, pair
from tests.writers.programs import RECORD, Maker, nodes

Key = tuple[str, str, int | None]
Choices = dict[Key, int]
Write = Callable[[int], tuple[Maker, p.Scenario, dict[str, int]]]
"""A writer of random scenarios, with the scales of their fields, by a seed."""


@dataclass
class Chance:
    """What the runs choose. A chain makes the same choice in every generation, where it can."""

    random: Random
    choices: Choices = field(default_factory=dict)
    ranges: dict[Key, range] = field(default_factory=dict)
    stuck: list[Key] = field(default_factory=list)
    refused: bool = False
    """Some choice was not legal where it was looked at, perhaps in a part of what is legal alone."""

    def chooser(self, run: str) -> Chooser:
        def choose(name: str, region: int | None, legal: range) -> int | None:
            key = (run, name, region)
            if key in self.choices:
                if self.choices[key] not in legal:
                    self.refused = True
                    self.stuck.append(key)
                    return None
                self.ranges.pop(key, None)  # which of the two ranges decides is not known
                self.stuck = [each for each in self.stuck if each != key]  # it was another part of what is legal
                return self.choices[key]
            self.ranges[key] = legal
            if not legal:
                self.refused = True
                self.stuck.append(key)
                return None
            index = self.random.randrange(min(len(legal), 1 << 60)) if legal.stop < 1 << 62 else 0
            self.choices[key] = legal[self.random.choice((0, -1, index))]
            return self.choices[key]

        return choose


def compare(maker: Maker, made: p.Scenario, unrolled: Unrolled, bundle: Bundle) -> str:
    """Run one set of maps both ways. Returns what kind of case it was."""
    given, chance = unrolled.given, Chance(maker.random)
    # Where an assumption says that a value is aligned, there are no terms for other values.
    steps = {name: each.scale for name, each in given.scalars.items() if isinstance(each, Num)}
    scalars = {s.name: maker.value(s.type, steps.get(s.name, 1)) for s in made.scalars} | numbers(maker, made)
    maps = maker.columns(made, unrolled.shape.rows, seams.SCALES.now(given), scalars)
    choosers = {run.name: chance.chooser(run.name) for run in made.runs}
    orders, generations = dict(unrolled.shape.orders), dict(unrolled.shape.generations)
    near = [region for column in maps.values() for region in column if region is not None]
    beside = {name: maker.reserved(count, near) for name, count in unrolled.shape.beside}
    valuation = Valuation(maps, scalars, {}, orders, generations, beside=beside)
    world = realise(made, valuation, choosers)
    possible = all(layout.possible for layout in world.layouts.values())
    # What one generation of a chain refused, the next one may find legal: impossible the chain is all the same.
    assert chance.refused if not possible else not chance.stuck, "what is possible"
    assigned = [pair(given.scalars[name], value) for name, value in scalars.items()]
    for name, column in maps.items():
        for fields, region in zip(unrolled.lists[name], column, strict=True):
            if len(maps) > 1:
                assigned.append(pair(fields[PRESENT], int(region is not None)))
            assigned += [pair(fields[key], 0 if region is None else region[key]) for key, _ in RECORD.inputs]
    for name, entries in beside.items():
        for fields, entry in zip(unrolled.lists[name], entries, strict=True):
            assigned += [pair(fields[key], value) for key, value in entry.items()]
    kinds = {
        (run.name, node.name): node.type
        for run in made.runs
        for node in nodes(run.algorithm.body)
        if isinstance(node, p.Choose)
    }
    # Where no choice was made, any value must do.
    drawn = {key: chance.choices.get(key, maker.value(kinds[key[0], key[1]])) for key in unrolled.choices}
    values = iter(bundle.at([*assigned, *(pair(unrolled.choices[key], value) for key, value in drawn.items())]))
    for key, legal in chance.ranges.items():
        limit = 1 << t.width(kinds[key[0], key[1]])
        near = (legal.start - 1, legal.start + 1, legal.stop, legal.stop - 1)
        for value in [v for v in near if v not in legal and 0 <= v < limit][:1]:
            other = {**drawn, key: value}
            found = bundle.at([*assigned, *(pair(unrolled.choices[k], v) for k, v in other.items())])
            assert not all(found[: len(unrolled.constraints)]), "a choice that is not legal"

    check = made.checks[0]
    assert not isinstance(check.goal, p.ExactArithmetic)
    kept = [next(values) for _ in unrolled.constraints]
    allowed = all(kept)
    used = all(any(column[row] is not None for column in maps.values()) for row in range(unrolled.shape.rows))
    assert allowed == (used and alike(made, valuation) and possible and holds(check.assumptions, world)), (
        "what is allowed"
    )
    broken, applied = bool(next(values)), [bool(next(values)) for _ in check.goal]
    lost = {run.name: sum(next(values) for _ in unrolled.overflows[run.name]) for run in made.runs}
    shown = {run.name: [{n: next(values) for n in fields} for fields in unrolled.lists[run.name]] for run in made.runs}
    names = {run.name: [identity(part, values) for part in unrolled.pieces[run.name]] for run in made.runs}
    if not possible:
        return "impossible"
    fixed = replace(check, goal=at_numbers(check.goal))
    assert broken == (violation(fixed, world) is not None), "goal"
    assert applied == [applies(each.formula, world) for each in at_numbers(check.goal)], "when the goal applies"
    # That it fails for a number is found where the number is pointed out, and not unless it fails for some number.
    assert broken <= (violation(check, replace(world, indices=scalars)) is not None), "a number that is pointed out"
    for run in made.runs:
        layout = world.layouts[run.name]
        there = [row for row in unrolled.order[run.name] if shown[run.name][row].pop(PRESENT)]
        assert tuple(names[run.name][row] for row in there) == layout.identities, f"the regions of {run.name}"
        assert [shown[run.name][row] for row in there] == [dict(region) for region in layout.regions], run.name
        assert lost[run.name] == len(layout.wrapped), "what is lost"
        if not run.algorithm.exports:
            assert layout.exported == tuple(i for i, r in enumerate(layout.regions) if not r[p.DROPPED])
        else:
            assert {i for i, r in enumerate(layout.regions) if r[p.EXPORTED]} == set(layout.exported)
    return "allowed" if allowed else "forbidden"


def identity(part: Lineage, values: Iterator[int]) -> Identity:
    """The region that a row is, where it is there: the splits that cut it say which piece."""
    numbers = [number for number, _ in part.cuts]
    return Identity(part.origin, tuple(number for number in numbers if next(values)))


def applies(formula: p.Formula, world: World) -> bool:
    if not isinstance(formula, p.ForAll | p.TotalsAtMost):
        return True
    layouts = [world.layouts[name] for name in asked_where(formula, RECORD) if name in world.layouts]
    marks = RECORD.placed_marks
    placed = all(any(region[mark] for region in layout.regions for mark in marks) for layout in layouts)
    if isinstance(formula, p.TotalsAtMost):
        return placed and any(next(counted(each, world), None) is not None for each in formula.totals)
    return placed and next(instances(formula, world), None) is not None


def outputs(unrolled: Unrolled, made: p.Scenario) -> Bundle:
    check = made.checks[0]
    assert not isinstance(check.goal, p.ExactArithmetic)
    values: list[Value] = [*unrolled.constraints, unrolled.broken(check.goal)]
    for conjunct in check.goal:
        formula = conjunct.formula
        values.append(unrolled.applies(formula) if isinstance(formula, p.ForAll | p.TotalsAtMost) else TRUE)
    for run in made.runs:
        values += unrolled.overflows[run.name]
    for run in made.runs:
        values += [value for each in unrolled.lists[run.name] for value in each.values()]
    for run in made.runs:
        values += [cut for part in unrolled.pieces[run.name] for _, cut in part.cuts]
    return Bundle(values)


def unroll(maker: Maker, made: p.Scenario, rows: int) -> tuple[Unrolled, Bundle]:
    """The scenario unrolled in one of the shapes that it can have. Raises `OutOfReachError`."""
    shape = maker.random.choice(list(shapes(made, rows)))
    unrolled = Unrolled(inputs.inputs(made, made.checks[0].assumptions), shape)
    return unrolled, outputs(unrolled, made)


def agree(seeds: Sequence[int], write: Write, lengths: Sequence[int], maps: int = 3) -> None:
    """Hold interpreter and terms against each other, on some maps of one of the lengths for each program."""
    skipped = 0
    for seed in seeds:
        maker, made, _ = write(seed)
        length = maker.random.choice(lengths)
        try:
            unrolled, bundle = unroll(maker, made, length)
        except OutOfReachError:
            skipped += 1
            continue
        for attempt in range(maps):
            try:
                compare(maker, made, unrolled, bundle)
            except AssertionError as error:
                raise AssertionError(f"seed {seed}, map {attempt}: {error}") from error
    assert skipped <= len(seeds) / 20, "the generator stays within what can be encoded"
