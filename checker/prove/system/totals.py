"""Sums over the regions that passes select, held against the bounds on totals that are assumed.
`checker.prove.system.system` says why this is sound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce

from checker import program as p
from checker.base.values import frozen
from checker.program import walk
from checker.prove.pieces.intervals import most
from checker.prove.pieces.lasting import applies, holding
from checker.prove.pieces.shares import has_share, share_of
from checker.prove.system import inputs
from checker.prove.system.inputs import Inputs, LastingTotal, Row
from checker.prove.system.loop import Track, selection
from checker.prove.system.state import HadTurn, Held, Passed, Spent, StateVar
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import FALSE, Environment, Region, Value, conj, disj, encode, neg, select
from checker.prove.terms.numbers import Num, Term


@frozen
class Totals:
    """The sums in the state at the head of a loop, and what is known of them."""

    given: Inputs
    rows: list[Row]
    head: Mapping[StateVar, Value]
    used: bool = True
    """Tell whether there are any. In a pass that is made for each entry of another list a region has its turn again and
    again, so that what is selected there is no part of a total."""

    def of(self, track: Track) -> Iterator[tuple[int, p.TotalAtMost]]:
        """The bounds on totals of the map that a run's regions come from, with their numbers."""
        written = walk.writes(track.body)
        for index, total in enumerate(inputs.totals(self.given) if self.used else ()):
            shared = not track.division or has_share(total, track.recipe, written)
            if total.regions.name == track.origin and shared:
                yield index, total

    def spent(self, track: Track, index: int) -> Num:
        """Return what the regions that the run has selected so far add up to."""
        spent = self.head[Spent(track.run.name, index)]
        assert isinstance(spent, Num)
        return spent

    def passed(self, track: Track, index: int) -> Num | None:
        """Return what the regions that this pass has selected so far add up to; None in a run's first pass, where it is
        what the run has spent."""
        passed = self.head.get(Passed(track.run.name, index))
        assert passed is None or isinstance(passed, Num)
        return passed

    def sums(self, track: Track) -> tuple[Num, ...]:
        """All sums of a run."""
        both = (
            (None if track.division else self.spent(track, index), self.passed(track, index))
            for index, _ in self.of(track)
        )
        held = (self.held(each) for each in self.lasting(track))
        return (*(each for pair in both for each in pair if each is not None), *held)

    def lasting(self, track: Track) -> Iterator[LastingTotal]:
        """The bounds on what the run's list holds as it is, where passes before have changed what is added up."""
        for each in self.given.lasting if self.used and track.pending is not None else ():
            assert track.pending is not None
            if applies(each, track.run, track.pending) and walk.fields_read(each.amount) & track.written:
                yield each

    def held(self, lasting: LastingTotal) -> Num:
        """Return what the elements of a run's list hold that had their turn in this pass."""
        held = self.head[Held(lasting.run, lasting.total)]
        assert isinstance(held, Num)
        return held

    def holds(self, track: Track, unseen: Sequence[tuple[Row, Region, Term]], turn: Region | None) -> Iterator[Term]:
        """That these, the element whose turn it is, and the witnesses whose turn is to come hold no more than the bound
        together."""
        for each in self.lasting(track):
            amounts = [self.held(each)]
            if turn is not None:
                amounts.append(holding(each, turn, self.given))
            for _, region, seen in unseen:
                own = select(seen, n.const(0), holding(each, region, self.given))
                assert isinstance(own, Num)
                amounts.append(own)
            bound = most(inputs.totals(self.given)[each.total], self.given)
            yield n.compare(p.Rel.LE, reduce(n.add, amounts), bound)

    def after(self, track: Track, row: Row, region: Region) -> Iterator[tuple[StateVar, Num]]:
        """The sums of a run after the turn in it of a region that is as the run has it."""
        name = track.run.name
        for each in self.lasting(track):
            yield Held(name, each.total), n.add(self.held(each), holding(each, region, self.given))
        for index, total in self.of(track):
            if track.division:
                passed = self.passed(track, index)
                assert passed is not None
                yield Passed(name, index), n.add(passed, share_of(total, track.recipe, row, region, self.given))
                continue
            counts = conj(self.selects(track, row), neg(self.selected(track, row)))
            yield Spent(name, index), n.add(self.spent(track, index), self._unless(neg(counts), total, row))
            passed = self.passed(track, index)
            if passed is not None:
                yield Passed(name, index), self._count(passed, track, total, row)

    def selects(self, track: Track, row: Row) -> Term:
        """Tell whether the pending pass selects a region, by what the map says of it; of pieces all may be."""
        if track.division:
            return track.live
        live, variable, where = selection(track)
        region = row.of(track.origin)
        return conj(live, encode(where, Environment(self.given.scalars, {variable: region}, exact=True)))

    def selected(self, track: Track, row: Row) -> Term:
        """Tell whether a pass before the pending one selected the region."""
        region = row.of(track.origin)
        return disj(
            *(
                conj(live, encode(where, Environment(self.given.scalars, {name: region}, exact=True)))
                for live, name, where in track.selected
            )
        )

    def bounds(self, track: Track, turn: int | None, row: Row | None) -> Iterator[Term]:
        """That what was selected, the region whose turn it is, and the witnesses not selected yet, stay below each
        bound."""
        for index, total in self.of(track):
            amounts = [self.spent(track, index)]
            if row is not None:
                amounts.append(self._unless(self.selected(track, row), total, row))
            for other, witness in enumerate(self.rows):
                if other != turn or row is None:
                    now = conj(self.head[HadTurn(other)], self.selects(track, witness))
                    amounts.append(self._unless(disj(self.selected(track, witness), now), total, witness))
            yield n.compare(p.Rel.LE, reduce(n.add, amounts), most(total, self.given))
            passed = self.passed(track, index)
            if passed is not None:
                # Each region has one turn in a pass: what the pass has selected, the region whose turn it is and the
                # witnesses whose turn is to come are different regions, whatever passes before have selected.
                amounts = [passed]
                if row is not None:
                    amounts.append(self._unless(FALSE, total, row))
                for other, witness in enumerate(self.rows):
                    if other != turn or row is None:
                        now = conj(self.head[HadTurn(other)], self.selects(track, witness))
                        amounts.append(self._unless(now, total, witness))
                yield n.compare(p.Rel.LE, reduce(n.add, amounts), most(total, self.given))

    def bounds_of_pieces(
        self,
        track: Track,
        unseen: Sequence[tuple[Row, Region, Term]],
        turn: tuple[Row, Region] | None,
    ) -> Iterator[Term]:
        """The same in a list that was split, of the shares that its elements have: of those that had their turn in this
        pass, of the one whose turn it is, and of the witnesses whose turn is to come."""
        for index, total in self.of(track):
            passed = self.passed(track, index)
            assert passed is not None
            amounts = [passed]
            if turn is not None:
                amounts.append(share_of(total, track.recipe, *turn, self.given))
            for row, region, seen in unseen:
                own = select(seen, n.const(0), share_of(total, track.recipe, row, region, self.given))
                assert isinstance(own, Num)
                amounts.append(own)
            yield n.compare(p.Rel.LE, reduce(n.add, amounts), most(total, self.given))

    def _count(self, passed: Num, track: Track, total: p.TotalAtMost, row: Row) -> Num:
        """The sum of a pass after a region's turn in it."""
        return n.add(passed, self._unless(neg(self.selects(track, row)), total, row))

    def _unless(self, condition: Term, total: p.TotalAtMost, row: Row) -> Num:
        amount = inputs.amount(total, row.of(total.regions.name), self.given)
        chosen = select(condition, n.const(0), amount)
        assert isinstance(chosen, Num)
        return chosen
