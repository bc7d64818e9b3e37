"""The scenario on maps of a given length, unrolled: where maps that break a goal are looked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, permutations, product
from math import factorial
from typing import Any, assert_never

import z3

from checker import program as p
from checker.program.types import Type
from checker.program.valuation import MAX_GENERATIONS, Valuation
from checker.program.walk import asked_where, has_pass, has_split, passes, remembers
from checker.prove.pieces.cuts import MOST, Piece
from checker.prove.pieces.keys import at_rank
from checker.prove.pieces.previous import moved, written
from checker.prove.system import inputs
from checker.prove.system.inputs import PRESENT
from checker.prove.system.receive import receive
from checker.prove.system.turn import Fresh, Turn, ends, execute, visit, visit_entry
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
    is_false,
    neg,
    variable,
)
from checker.prove.terms.numbers import Num, OutOfReachError, Term


@dataclass(frozen=True)
class Shape:
    """The outline of what is unrolled: how many rows, and for every run in what order they come and how often."""

    rows: int
    orders: tuple[tuple[str, tuple[int, ...]], ...] = ()
    generations: tuple[tuple[str, int], ...] = ()
    beside: tuple[tuple[str, int], ...] = ()
    """The lengths of the lists beside the map."""

    @property
    def size(self) -> int:
        """The number of rows and of entries of lists beside the map."""
        return self.rows + sum(length for _, length in self.beside)


_MOST_ORDERS = 36
"""The most ways to order what comes in no order that are unrolled: two lists of three regions, each in every order."""


def shapes(scenario: p.Scenario, rows: int) -> Iterator[Shape]:
    """Every outline of so many rows and entries of lists beside the map, the plainest first; where there are too many
    orders, all lists have the same."""
    names = [each.name for each in scenario.beside]
    for lengths in product(range(rows + 1), repeat=len(names)):
        if sum(lengths) <= rows:
            beside = tuple(zip(names, lengths, strict=True))
            yield from (replace(each, beside=beside) for each in _shapes(scenario, rows - sum(lengths)))


def _shapes(scenario: p.Scenario, rows: int) -> Iterator[Shape]:
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
    if _unordered(scenario) and any(has_split(run.algorithm.body) for run in scenario.runs):
        # The pieces of one region arrive together, in every shape.
        return rows == 0
    few = factorial(rows) ** len(_unordered(scenario)) <= _MOST_ORDERS
    return (few or len(_unordered(scenario)) < 2) and not any(run.chained for run in scenario.runs)


def parted(parts: Sequence[Lineage]) -> int | None:
    """The split at which the ways part of two pieces of one region; None where they are not."""
    if len(parts) < 2 or parts[0].origin != parts[1].origin:
        return None
    first, second = (part.path[1:] for part in parts)
    return next(index for index, (one, other) in enumerate(zip(first, second, strict=True)) if one != other)


def most_pieces(scenario: p.Scenario, run: p.Run) -> int:
    """The most regions that a run's layout may have for each region of the map."""
    source = next((each for each in scenario.runs if each.name == run.source), None)
    before = 1 if source is None else most_pieces(scenario, source)
    splits = sum(has_split(each.body) for each in passes(run.algorithm.body))
    return int(before * MOST ** (splits * (MAX_GENERATIONS if run.chained else 1)))


def _unordered(scenario: p.Scenario) -> list[str]:
    return [r.name for r in scenario.runs if r.handover is not None and r.handover.travel is p.Travel.ANYHOW]


def _orders(rows: int, lists: int) -> Iterator[tuple[tuple[int, ...], ...]]:
    """The orders of so many lists that come in no order."""
    if factorial(rows) ** lists <= _MOST_ORDERS:
        yield from product(permutations(range(rows)), repeat=lists)
    else:
        yield from ((order,) * lists for order in permutations(range(rows)))


Regions = list[dict[str, Value]]


@dataclass(frozen=True)
class Lineage:
    """A row of a list, as a region or a piece of one: the region of the maps that it comes from, its row in each list
    that its own comes from, and the number of the piece that it is of every split that was made, with whether there
    was anything to cut."""

    origin: int
    rows: Mapping[str, int]
    cuts: tuple[tuple[int, Term], ...] = ()

    def within(self, name: str, row: int) -> Lineage:
        """The same where it is a row of one more list."""
        return replace(self, rows={**self.rows, name: row})

    def piece(self, number: int, made: Term) -> Lineage:
        """The piece with a number, if there is a cut."""
        return replace(self, cuts=(*self.cuts, (number, made)))

    @property
    def path(self) -> tuple[int, ...]:
        """Numbers by which rows of one list are sorted as they stand in the table, if it is in that order."""
        return (self.origin, *(number for number, _ in self.cuts))


@dataclass
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
        execution = _Execution(self, run, scalars, regions, order, parts)
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
                scalars = {**self.given.scalars, **self.ended}
                failures.append(neg(encode(formula.condition, Environment(scalars, exact=True))))
        return disj(*failures)

    def applies(self, formula: p.ForAll) -> Term:
        """The formula applies to some choice of regions, and every layout of which it asks what is placed places
        something."""
        used = [disj(*(applies for applies, _ in self.instances(formula)))]
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


@dataclass
class _Execution:
    """One algorithm on the rows of one list; its effects go into ``regions`` and the unrolled scenario."""

    unrolled: Unrolled
    run: p.Run
    scalars: dict[str, Value]
    regions: Regions
    order: tuple[int, ...]
    parts: tuple[Lineage, ...]

    def block(self, statements: tuple[p.Statement, ...], live: Term) -> None:
        """Execute top-level statements where ``live`` holds."""
        for statement in statements:
            if isinstance(statement, p.Pass):
                self._pass(statement, live)
            elif isinstance(statement, p.If) and has_pass(statement):
                overflows: list[Overflow] = []
                env = Environment(self.scalars, path=live, on_overflow=overflows.append)
                condition = encode(statement.condition, env)
                self.unrolled.overflows[self.run.name] += [overflow.condition for overflow in overflows]
                self.block(statement.then, conj(live, condition))
                self.block(statement.otherwise, conj(live, neg(condition)))
            else:
                turn = Turn(self.scalars, None, live, FALSE, self._fresh(None))
                execute((statement,), turn, "")
                self._collect(turn)

    def _pass(self, statement: p.Pass, live: Term, around: Turn | None = None, variable: str = "") -> None:
        """A pass that is made if ``live`` holds; ``around`` is the turn that it stands in, if it does, and ``variable``
        that of the region whose turn that is."""
        if statement.beside:
            self._pass_beside(statement, live, around, variable)
            return
        stopped: Term = FALSE
        made: dict[int, dict[int, Piece]] = {}
        before = {(name, row): FALSE for name in remembers(statement.body) for row in self.order}
        entries = {} if around is None else around.entries
        for index, now in self._visits(statement):
            region = self.regions[index]
            turn = Turn(self.scalars, region, TRUE, stopped, self._fresh(index), entries=entries, inner=self._inner)
            turn.others = [other for row, other in enumerate(self.regions) if row != index]
            visit(statement, turn, conj(live, now, region[PRESENT]))
            stopped = turn.stopped
            made[index] = turn.pieces
            self._reach(turn, index, before)
            self._collect(turn)
        if has_split(statement.body):
            self._divide(made)

    def _visits(self, statement: p.Pass) -> Iterator[tuple[int, Term]]:
        """The rows in the order in which a pass comes to them; by a key each may be at every place, and is at one."""
        order = self.order[::-1] if statement.reverse else self.order
        if not statement.key:
            yield from ((index, TRUE) for index in order)
            return
        keys = []
        for index in self.order:
            key = self.regions[index][statement.key]
            assert isinstance(key, Num)
            keys.append(key)
        ranks = range(len(keys))
        for rank in reversed(ranks) if statement.reverse else ranks:
            yield from ((index, at_rank(keys, place, rank)) for place, index in enumerate(self.order))

    def _reach(self, turn: Turn, index: int, before: dict[tuple[str, int], Term]) -> None:
        """Let a turn do to the region before what it does, and say which region that is from now on."""
        for (name, row), is_before in before.items():
            for (previous, field_name), reached in turn.reached.items():
                if previous == name and row != index:
                    region = self.regions[row]
                    region[field_name] = written(is_before, reached, region[field_name])
            before[name, row] = moved(is_before, turn.remembered.get(name, FALSE), own=row == index)

    def _divide(self, made: Mapping[int, Mapping[int, Piece]]) -> None:
        """Put the pieces that a pass makes where their regions stand: a row for each that there may be."""
        order: list[int] = []
        parts = list(self.parts)
        for index in self.order:
            order.append(index)
            cut = disj(*(piece.there for piece in made[index].values()))
            parts[index] = self.parts[index].piece(0, cut)
            for number, piece in sorted(made[index].items()):
                if is_false(piece.there):
                    continue
                order.append(len(parts))
                parts.append(self.parts[index].piece(number, cut))
                self.regions.append({**piece.fields, PRESENT: piece.there})
        self.order, self.parts = tuple(order), tuple(parts)

    def _pass_beside(self, statement: p.Pass, live: Term, around: Turn | None, variable: str) -> None:
        stopped: Term = FALSE
        entries = self.unrolled.lists[self.run.list_of(statement.beside)]
        region = None if around is None else around.region
        for entry in reversed(entries) if statement.reverse else entries:
            named = {statement.variable: entry}
            turn = Turn(self.scalars, region, TRUE, stopped, self._fresh(None), entries=named, inner=self._inner)
            visit_entry(statement, turn, live, variable)
            stopped = turn.stopped
            self._collect(turn)

    def _inner(self, statement: p.Pass, turn: Turn, variable: str) -> None:
        self._pass(statement, turn.live, turn, variable)

    def _collect(self, turn: Turn) -> None:
        self.unrolled.constraints += turn.constraints
        self.unrolled.overflows[self.run.name] += [overflow.condition for overflow in turn.overflows]

    def _fresh(self, index: int | None) -> Fresh:
        """The same choice in every generation of a chain, which is one of those that could be made."""

        def fresh(name: str, kind: Type) -> Value:
            assert index is None or not self.parts[index].cuts  # the type checker lets nothing be chosen for pieces
            key = (self.run.name, name, index)
            if key in self.unrolled.choices:
                return self.unrolled.choices[key]
            value, legal = variable(f"{self.run.name}.{name}.{index}", kind)
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
