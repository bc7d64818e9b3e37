"""Passes that go by a key.

Such a pass comes to the regions in some order in which the key never falls; one that goes the other way, in some order
in which it never rises. *Sound*, because sorting gives such an order, which of those that there are does not matter,
and the key is what it was when the pass began: nothing in the pass writes it. So the region whose turn it is has no
smaller key than a witness that had its turn, and no greater one than a witness that did not. Of a region that is not
in the list nothing is said: nothing happens in its turn, so it may be put anywhere. Nothing else is known of the order:
the loop goes over the rows of the table in no known one.

Passes of two runs that go by one key are in step: that order is the same one for both. *Sound*, because it is told by
the keys, and among equal ones by the places of the regions in the list, or the other way round (spec/language.md).
Both runs have their regions from one map, in the order of the table or both in the opposite one; the key of a region
is what that map says, in both, as no pass or hand-over before has changed it; and none of them has split regions. So
each comes to the regions that it has in the order in which all rows of the table are sorted. A run that lacks a region
does nothing in its turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker import program as p
from checker.prove.system.inputs import PRESENT, Row
from checker.prove.system.loop import Track
from checker.prove.terms import numbers as n
from checker.prove.terms.encode import FALSE, TRUE, Region, conj, disj, neg
from checker.prove.terms.numbers import Num, Term


def in_order_of_key(track: Track, region: Region, witnesses: Sequence[tuple[Row, Region, Term]]) -> Iterator[Term]:
    """That a region may have its turn now: as the run has it, and the witnesses whose turn it is not, each with whether
    it had its turn."""
    assert track.pending is not None
    key = track.pending.key
    if not key:
        return
    own = region[key]
    assert isinstance(own, Num)
    for _, witness, seen in witnesses:
        other = witness[key]
        assert isinstance(other, Num)
        both = conj(region[PRESENT], witness[PRESENT])
        early, late = (own, other) if track.pending.reverse else (other, own)
        yield disj(neg(both), neg(seen), n.compare(p.Rel.LE, early, late))
        yield disj(neg(both), seen, n.compare(p.Rel.LE, late, early))


def at_rank(keys: Sequence[Num], index: int, rank: int) -> Term:
    """Tell whether a region, by its place among all, is at some rank when they are sorted by their keys: that so many
    come before it, with a smaller key, or with the same one and a place before."""
    before = []
    for other, key in enumerate(keys):
        if other != index:
            relation = p.Rel.LE if other < index else p.Rel.LT
            before.append(n.compare(relation, key, keys[index]))
    return _count(before, rank)


def _count(terms: Sequence[Term], wanted: int) -> Term:
    """Tell whether so many of some terms hold."""
    counts: list[Term] = [TRUE]
    for term in terms:
        longer = [*counts, FALSE]
        shifted = [FALSE, *counts]
        counts = [disj(conj(neg(term), stay), conj(term, move)) for stay, move in zip(longer, shifted, strict=True)]
    return counts[wanted]
