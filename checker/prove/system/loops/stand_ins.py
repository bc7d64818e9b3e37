"""The region whose turn it is in a loop, in the places of the witnesses. `checker.prove.system.history` says why
this is sound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import z3

from checker.base.values import frozen
from checker.prove.system.history import Casting, Owners, Recalled, Role, cast
from checker.prove.system.inputs import Row
from checker.prove.system.state import HadTurn, StateVar, WitnessField, witness_of
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import FALSE, TRUE, Region, Value, disj, neg
from checker.prove.terms.numbers import Num, Term


@frozen
class StandIns:
    """A loop's anonymous region in the places of the witnesses, as far as something can be known of it so."""

    owners: Owners | None
    known: tuple[Term, ...]
    """The facts that were known before the loop."""
    rows: Sequence[Row]
    head: Mapping[StateVar, Value]
    heading: int
    prefix: str
    changed: bool
    """Tell whether passes before the loop may have changed regions: its runs', or those of one that hands them over."""
    receiving: frozenset[str]
    """The runs that receive regions during the loop."""

    @property
    def seen(self) -> tuple[Term, ...]:
        """By witness, that it had its turn."""
        return tuple(self.head[HadTurn(index)] for index in range(len(self.rows)))

    def castings(self, row: Row) -> list[Casting]:
        """The anonymous region in the place of each witness, where something can be known of it."""
        if self.owners is None:
            return []
        return [cast(self.owners, index, f"{self.prefix}:x'", row, self.rows) for index in range(len(self.rows))]

    def history(self, castings: Sequence[Casting]) -> tuple[Casting | None, list[Recalled]]:
        """The anonymous region in the place of a witness, and what is known of it from earlier loops."""
        if not castings or not self.changed:
            return None, []
        found: list[Recalled] = []
        for each, applies in self.applying(castings):
            found += [replace(it, instance=disj(neg(applies), it.instance)) for it in each.recall(self.known)]
        return castings[0], found

    def applying(self, castings: Sequence[Casting]) -> Iterator[tuple[Casting, Term]]:
        """Return where the anonymous region stands to the other witness as the one does in whose place it is."""
        assert self.owners is not None or not castings
        if len(castings) < 2:
            yield from ((each, TRUE) for each in castings)
        elif self.owners is not None and not self.owners.unlike and self.heading:
            # In the table's order the first witness stands before the second. So does the region before the second if
            # it is in the first one's place, and the first before the region if it is in the second one's.
            seen1, seen2 = self.seen if self.heading > 0 else map(neg, self.seen)
            yield from zip(castings, (neg(seen2), seen1), strict=True)

    def roles(self, castings: Sequence[Casting], entering: Mapping[str, Region]) -> Iterator[Role]:
        """The anonymous region in the place of each witness, before its turn in this loop."""
        for index, (casting, applies) in enumerate(self.applying(castings)):
            own: list[tuple[Value, Value]] = []
            others: list[Value] = []
            others += [value for key, value in self.head.items() if witness_of(key) != index]
            for key, value in ((key, value) for key, value in self.head.items() if witness_of(key) == index):
                if isinstance(key, HadTurn):
                    own.append((value, FALSE))
                elif isinstance(key, WitnessField):
                    entered = None if key.run in self.receiving else entering[key.run][key.name]
                    own.append((value, self._before(key, value, entered)))
                # Of anything else about a witness it is not said: then no invariant that speaks of it is used.
            yield Role(casting.further(others, own), applies)

    def _before(self, key: WitnessField, variable_of: Value, entering: Value | None) -> Value:
        """A field of the anonymous region before its turn in this loop: some value, where it is not at hand."""
        if isinstance(variable_of, Num):
            if isinstance(entering, Num) and n.divides(variable_of.scale, entering):
                return entering
            return Num(z3.Const(f"{self.prefix}:x*:{key}", variable_of.term.sort()), variable_of.scale)
        if entering is not None:
            return entering
        return z3.Const(f"{self.prefix}:x*:{key}", variable_of.sort())
