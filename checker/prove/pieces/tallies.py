"""Sums that an algorithm adds up itself in one pass, held against those of later passes.

What an allocator does is to add up all sizes, to take one block of that size, and to lay out in it. That this fits
rests on no bound that is assumed, but on this: the second pass adds up what the first one did.

A *tally* is a sum over all regions of a map: of an amount that the map alone decides, where a condition holds that
the map alone decides. (A parameter that nothing changes is what its argument says, and that is given.) In every loop
over the table's rows a ghost variable adds up the rows that had their turn. What it is when the first of these loops
has ended, is the whole.

*Sound*, because in every pass each region of the map has one turn (one that is dropped, one that a pass passes over,
and one after a `break` have theirs too, in which nothing happens: see `checker.prove.system.system`), and because
neither the amount nor the condition looks at what passes write. So the ghost is the whole again when another loop has
ended, and the whole is what all the regions have in whatever order they come. Amounts are values of unsigned types, and
so not negative: in between, what was added up, the region whose turn it is and the witnesses whose turn is to come are
different regions, and together no more than the whole. No region is counted twice, and none that is in no turn.

Which sums are looked at bears on what can be proved alone: those that are added up in a pass behind which the same
algorithm adds up something again. Not used where regions are split, for a region then has several turns, in chains,
and in passes in the turns of others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from functools import reduce

from checker import program as p
from checker.base.diagnostic import Span
from checker.base.values import frozen
from checker.program import walk
from checker.program.types import BYTES
from checker.prove.invariants.told import REGION, ToldByMap, after_each_pass, all_of, begun, under
from checker.prove.system.inputs import PRESENT, Inputs, Row
from checker.prove.system.loop import Loop
from checker.prove.system.state import HadTurn, StateVar, Tallied
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import Environment, Value, conj, encode, select
from checker.prove.terms.numbers import Num, Term

MOST = 4
"""The number of tallies, at most: each is a variable of the state of every loop."""


@frozen
class Tally:
    """The sum of ``amount`` over the regions of a map for which ``where`` holds; both speak of the region `REGION`.
    ``span`` is where it is added up."""

    map: str
    where: p.Expr
    amount: p.Expr
    span: Span = field(compare=False, repr=False)


def tallies(scenario: p.Scenario) -> tuple[Tally, ...]:
    """Return the sums that the runs of a scenario add up in several passes, or by several algorithms."""
    found: dict[Tally, None] = {}
    elsewhere: dict[Tally, list[p.Algorithm]] = {}
    receivers = (run.algorithm.body for run in scenario.runs if run.handover)
    receiving = any(_adds(made) for body in receivers for made in walk.outer_passes(body))
    for run, told in _eligible(scenario):
        passes = tuple(walk.outer_passes(run.algorithm.body))
        several = receiving or any(map(_adds, passes[1:]))
        for made, before in zip(passes, after_each_pass(run, told), strict=False):
            for tally in _added(made, before):
                others = elsewhere.setdefault(tally, [])
                if several or any(each != run.algorithm for each in others):
                    found[tally] = None
                others.append(run.algorithm)
    return tuple(found)[:MOST]


def added(scenario: p.Scenario, *, whole: bool) -> Iterator[Tally]:
    """The sums that the runs of a scenario add up in any pass; if ``whole`` says so, also sums of bytes of which these
    are parts: of more regions, where the map does not tell which are added up."""
    for run, told in _eligible(scenario):
        for made, before in zip(walk.outer_passes(run.algorithm.body), after_each_pass(run, told), strict=False):
            yield from _added(made, before, whole=whole)


def _eligible(scenario: p.Scenario) -> Iterator[tuple[p.Run, ToldByMap]]:
    """The runs whose sums are looked at, with what the map tells where each begins."""
    for run in scenario.runs:
        told = begun(run, scenario)
        if told is not None:
            yield run, told


def _adds(made: p.Pass) -> bool:
    """Tell whether a pass adds something to a variable, or subtracts it, under whatever condition."""
    return any(_step(each) is not None for each in walk.statements(made.body) if isinstance(each, p.Assign))


Counted = Mapping[int, tuple[Tally, Num | None]]
"""Tallies by their numbers, each with the whole, once a loop has come to it."""


@frozen
class Tallies:
    """The sums in the state at the head of a loop, and what is known of them."""

    given: Inputs
    rows: Sequence[Row]
    head: Mapping[StateVar, Value]
    counted: Counted

    def so_far(self) -> tuple[Num, ...]:
        """Return what the rows that had their turn add up to, by tally."""
        return tuple(map(self._tallied, self.counted))

    def after(self, row: Row) -> Iterator[tuple[StateVar, Num]]:
        """The sums after the turn of a row. Raises `OutOfReachError`."""
        for index, (tally, _) in self.counted.items():
            yield Tallied(index), n.add(self._tallied(index), of_row(tally, row, self.given))

    def bounds(self, turn: int | None, row: Row | None) -> Iterator[Term]:
        """That what was added up, the row whose turn it is, and the witnesses whose turn is to come are parts of the
        whole. Raises `OutOfReachError`."""
        for index, (tally, whole) in self.counted.items():
            if whole is None:
                continue
            unseen = [
                (of_row(tally, witness, self.given), self.head[HadTurn(other)])
                for other, witness in enumerate(self.rows)
                if other != turn
            ]
            own = None if row is None else of_row(tally, row, self.given)
            yield within(whole, self._tallied(index), unseen, own)

    def _tallied(self, index: int) -> Num:
        tallied = self.head[Tallied(index)]
        assert isinstance(tallied, Num)
        return tallied


def settled(numbered: Sequence[Tally], whole: dict[Tally, Num], loop: Loop) -> Iterator[Term]:
    """That sums are what they were in the loop before, where a loop has ended; the first one says what that is."""
    for index, tally in enumerate(numbered):
        made = loop.head.get(Tallied(index))
        if isinstance(made, Num) and made is not whole.setdefault(tally, made):
            yield n.compare(p.Rel.EQ, made, whole[tally])


def of_row(tally: Tally, row: Row, given: Inputs) -> Num:
    """Return what a row of the table adds to a tally. Raises `OutOfReachError`."""
    region = row.of(tally.map)
    # Not exact: a difference that would be below zero is brought back into its width, as the machine does, so that no
    # amount is negative, not even one that a run never comes to.
    env = Environment(given.scalars, {REGION: region})
    value = encode(tally.amount, env)
    counted = select(conj(region[PRESENT], encode(tally.where, env)), value, n.const(0))
    assert isinstance(counted, Num)
    return counted


def within(whole: Num, so_far: Num, unseen: Sequence[tuple[Num, Term]], turn: Num | None) -> Term:
    """That what was added up, the row whose turn it is, and the witnesses (each with that it had its turn), are parts
    of the whole."""
    amounts = [so_far, *(() if turn is None else (turn,))]
    for own, seen in unseen:
        left = select(seen, n.const(0), own)
        assert isinstance(left, Num)
        amounts.append(left)
    return n.compare(p.Rel.LE, reduce(n.add, amounts), whole)


def _added(made: p.Pass, told: ToldByMap, *, whole: bool = False) -> Iterator[Tally]:
    """The sums that a pass over the map adds up in a variable, as far as the map, and the run's arguments, tell them
    where it begins. Of the ``whole`` sum they may be a part: conditions that these do not tell are left out."""
    if made.beside or walk.has_pass(made.body):
        return
    for statement, conditions in under(made.body, (made.where,), {}):
        amount = _step(statement) if isinstance(statement, p.Assign) else None
        size = None if amount is None else told.of_map(amount, made.variable)
        if size is None:
            continue
        spoken = [told.there(), *(told.of_map(each, made.variable) for each in conditions)]
        if whole and size.type == BYTES:
            spoken = [each for each in spoken if each is not None]
        where = all_of(spoken)
        if where is not None:
            yield Tally(told.map, where, size, statement.span)


def _step(statement: p.Assign) -> p.Expr | None:
    """The amount that an assignment adds to its variable, or subtracts from it."""
    match statement.value:
        case p.Arith(op=p.Op.ADD | p.Op.SUB, left=p.Var(name=name), right=amount) if name == statement.name:
            return amount
        case p.Arith(op=p.Op.ADD, left=amount, right=p.Var(name=name)) if name == statement.name:
            return amount
        case _:
            return None
