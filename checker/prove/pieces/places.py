"""Sums over the regions that are placed, held against the bounds on totals that are assumed.

Two passes may place regions between them, of which the second asks for what the first one did, or for what a pass
before has written. What each selects, the map alone does not tell; that no region is placed twice, the marks do.

For an assumption ``total(a) <= B`` with ``a >= 0`` a ghost variable of a run is the sum of ``a`` over the regions that
are placed. *Sound*: where a run on a map begins no region is placed, and the sum is 0. A turn changes the mark of its
own region only, by which the sum becomes more or less; what a region adds is told by the map, and the same whenever it
is placed. So at every moment it is the sum over the regions that are placed then. Those that are not are others: the
region whose turn it is and the witnesses, as far as they are not placed, and all that are, are parts of the total,
without overlap.

Not used of what a hand-over brings, where regions may be placed already, in chains, and where regions are split; nor
where a pass before goes over a list beside the map. Where passes tell by the map alone what they select, what they
spend says as much (`checker.prove.system.totals`), and there is no such sum.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce

from checker import program as p
from checker.base.values import frozen
from checker.program import walk
from checker.prove.pieces.intervals import most
from checker.prove.system import inputs
from checker.prove.system.inputs import Inputs, Row
from checker.prove.system.state import Placed, StateVar
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import Region, Value, select
from checker.prove.terms.numbers import Num, Term


def places_by_marks(run: p.Run, given: Inputs) -> bool:
    """Tell whether a run places regions in several passes, of which one asks for what passes may have changed."""
    body = run.algorithm.body
    maps = {each.name for each in given.scenario.maps}
    if run.handover is not None or run.chained or run.source not in maps:
        return False
    if p.PLACED in walk.reaches(body) or any(walk.has_split(each.algorithm.body) for each in given.scenario.runs):
        return False
    passes = tuple(walk.outer_passes(body))
    if any(each.beside or walk.has_pass(each.body) for each in passes):
        return False
    placing = [each for each in passes if p.PLACED in walk.writes(each.body)]
    return len(placing) > 1 and any(walk.fields_read(each.where) & walk.writes(body) for each in placing)


@frozen
class PlacedSums:
    """The sums in the state at the head of a loop, of a run that places by marks, and what is known of them."""

    given: Inputs
    run: p.Run
    head: Mapping[StateVar, Value]

    def amounts(self) -> tuple[Num, ...]:
        """Return the sums as they are at the head."""
        return tuple(value for _, value, _ in self.sums())

    def sums(self) -> Iterator[tuple[StateVar, Num, p.TotalAtMost]]:
        """The sums of the loop, each with the total that bounds it."""
        for index, total in enumerate(inputs.totals(self.given)):
            key = Placed(self.run.name, index)
            value = self.head.get(key)
            if isinstance(value, Num):
                yield key, value, total

    def after(self, row: Row, before: Region, left: Region) -> Iterator[tuple[StateVar, Num]]:
        """The sums after the turn of a region, which enters and leaves it as the run has it."""
        for key, value, total in self.sums():
            amount = inputs.amount(total, row.of(self.run.source), self.given)
            yield key, n.add(n.subtract(value, _where(before, amount)), _where(left, amount))

    def bounds(self, others: Sequence[tuple[Row, Region, Term]], turn: tuple[Row, Region] | None) -> Iterator[Term]:
        """That what is placed, and those of the region whose turn it is and of others that are not, are parts of the
        total."""
        regions = [(row, region) for row, region, _ in others] + ([] if turn is None else [turn])
        for _, value, total in self.sums():
            amounts = [value]
            for row, region in regions:
                amount = inputs.amount(total, row.of(self.run.source), self.given)
                amounts.append(_unless(region, amount))
            yield n.compare(p.Rel.LE, reduce(n.add, amounts), most(total, self.given))


def _where(region: Region, amount: Num) -> Num:
    counted = select(region[p.PLACED], amount, n.const(0))
    assert isinstance(counted, Num)
    return counted


def _unless(region: Region, amount: Num) -> Num:
    counted = select(region[p.PLACED], n.const(0), amount)
    assert isinstance(counted, Num)
    return counted
